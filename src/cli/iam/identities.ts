import { ok } from 'assert';
import kinds from './resource-types.json';

/** Account, region and stack that a template is deployed to. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
}

/** The ARN of the stack; CloudFormation assigns its last part. */
export function stackArn({ partition, region, account, stackName }: Place): string {
  return `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/<${stackName}>`;
}

/** Return values of `Ref` and of each `Fn::GetAtt`. */
export interface Identity {
  readonly Ref: string;
  readonly [attribute: string]: string;
}

/**
 * The property that holds the name of a resource, then `Ref` and the attributes, with `{…}` for what differs: what AWS
 * documents under "Return values" on the page of each type. The ARN of a log group ends in `:*`, as policies need it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const KINDS: { readonly [type: string]: { readonly [attribute: string]: string | undefined } } = kinds;

export function hasIdentity(type: string): boolean {
  return Object.hasOwn(KINDS, type);
}

/**
 * The identity of a resource; an unknown type throws, so that no ARN is a guess. `property` resolves a property of the
 * resource as a string; AWS assigns ids at the deployment, and the logical id stands for one, in angle brackets.
 */
export function identityOf(
  type: string, logicalId: string, place: Place, property: (name: string) => string | undefined,
): Identity {
  ok(hasIdentity(type), `the identity of a resource of type ${type} is not known, in ${logicalId}`);
  const { partition, region, account, stackName } = place;
  const { name = '', ...attributes } = KINDS[type];
  const partOf = (part: string) => {
    const [kind, service] = part.split(':');
    switch (kind) {
      case 'arn': return `arn:${partition}:${service}:${region}:${account}:`;
      case 'iam': return `arn:${partition}:iam::${account}:`;
      case 'id': return `<${logicalId}>`;
      case 'listener': return String(property('LoadBalancerArn')).replace(':loadbalancer/', ':listener/');
      case 'name': return property(name) ?? `${stackName}-${logicalId}-<id>`;
      case 'partition': return partition;
      case 'path': return property('Path') ?? '/';
      default: return String(property(part));
    }
  };
  return Object.fromEntries(Object.entries(attributes).map(([attribute, text = '']) =>
    [attribute, text.replace(/\{([^}]+)\}/g, (_, part: string) => partOf(part))])) as Identity;
}
