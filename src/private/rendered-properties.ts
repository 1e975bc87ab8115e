import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * The properties of a resource as they will stand in the template: escape hatches of the user's
 * included.
 */
export function renderedProperties(resource: IConstruct | undefined): { [name: string]: unknown } {
  // Marked internal, so not in the type; the one way to see overrides.
  const renderable = resource as unknown as CfnResource & { _toCloudFormation(): object };
  const { Resources } = renderable.stack.resolve(renderable._toCloudFormation()) as
    { Resources: { [id: string]: { Properties?: { [name: string]: unknown } } } };
  return Object.values(Resources)[0].Properties ?? {};
}

/** The elements of a list in a template: an override can leave gaps in it, or put a function in its place. */
export function renderedList<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as (T | null)[]).filter((element): element is T => Boolean(element)) : [];
}
