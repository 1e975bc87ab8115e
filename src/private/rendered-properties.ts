import { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

interface Properties {
  readonly [name: string]: unknown;
}

/** One run over the checks of an app or a stage, during which nothing changes. */
interface Pass {
  readonly checked: Set<object>;
  readonly rendered: Map<IConstruct, Properties>;
}

const passes = new WeakMap<IConstruct, Pass>();
let current: Pass | undefined;

/**
 * Lets a check at synthesis share rendered resources with the other checks: most read the same few resources, and
 * rendering them for each would take a third of the time of a synthesis. A pass ends when one of its checks runs
 * again, or when there is a new one: the program may have changed its resources since.
 */
export function renderingOnce<T>(scope: IConstruct, check: () => T): () => T {
  const root = Stage.of(scope) ?? scope.node.root;
  passes.delete(root);
  return () => {
    let pass = passes.get(root);
    if (!pass || pass.checked.has(check)) {
      pass = { checked: new Set(), rendered: new Map() };
      passes.set(root, pass);
    }
    pass.checked.add(check);
    current = pass;
    try {
      return check();
    } finally {
      current = undefined;
    }
  };
}

/** Returns the properties of a resource in the template, including the user's escape hatches. */
export function renderedProperties(resource: IConstruct | undefined): Properties {
  const known = current?.rendered.get(resource as IConstruct);
  if (known) {
    return known;
  }
  const { Properties: properties = {} } = renderedResource(resource);
  current?.rendered.set(resource as IConstruct, properties);
  return properties;
}

/** A resource in the template. */
export interface RenderedResource {
  readonly DeletionPolicy?: string;
  readonly Properties?: Properties;
}

/** Returns a resource of the template, including the user's escape hatches. */
export function renderedResource(resource: IConstruct | undefined): RenderedResource {
  // Marked internal, so not in the type; the one way to see overrides.
  const renderable = resource as unknown as CfnResource & { _toCloudFormation(): object };
  const { Resources } = renderable.stack.resolve(renderable._toCloudFormation()) as
    { Resources: { [id: string]: RenderedResource } };
  return Object.values(Resources)[0];
}

/** The elements of a list in a template: an override can leave gaps in it, or put a function in its place. */
export function renderedList<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as (T | null)[]).filter((element): element is T => Boolean(element)) : [];
}
