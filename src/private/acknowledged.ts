import { aws_iam as iam, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { renderedProperties } from './rendered-properties';
import { checkAtSynthesis } from './synthesis-check';

/**
 * Acknowledges a finding of cdk-nag's AwsSolutions pack with a reason, for apps that are checked with it. The
 * template does not change.
 *
 * An acknowledgement hides every finding of its rule on its resource. Where a user can cause one on the same
 * resource, `onlyLibraryFindings` returns true if all findings are the library's. It is called at synthesis, after
 * all constructs are added.
 */
export function acknowledge(
  construct: IConstruct,
  rule: string,
  reason: string,
  onlyLibraryFindings: () => boolean = () => true,
): void {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) {
    atSynthesis(resource, () => onlyLibraryFindings() ? [[nagRule(rule), reason]] : []);
  }
}

/** A name in braces after a dollar sign, as a shell and `Fn::Sub` write it. */
const NAME_IN_BRACES = /\$\{\s*[\w:.]+\s*\}/;

/**
 * Acknowledges that strings with `${x}` are intended. The built-in validation of the CDK takes it for a reference
 * if the template has an `x`, and suggests `Fn::Sub`, with which a shell would never see it.
 *
 * @param texts the properties that hold such strings; the same in another property is still reported
 */
export function acknowledgeNamesInBraces(construct: IConstruct, texts: readonly string[], reason: string): void {
  const resource = construct.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) {
    atSynthesis(resource, () => {
      const found = Object.entries(renderedProperties(resource))
        .filter(([, value]) => NAME_IN_BRACES.test(JSON.stringify(value) ?? ''))
        .map(([property]) => property);
      return found.length > 0 && found.every((property) => texts.includes(property))
        ? [['CloudFormation-Validate::E1029', reason]]
        : [];
    });
  }
}

/** Permissions of a role on resources that cannot be named exactly, with the reason. */
export interface Wildcard {
  readonly actions: string[];
  readonly resources: string[];
  readonly why: string;
}

/**
 * Acknowledges the wildcards in the inline policies of a role, or in a policy of its own. cdk-nag has one finding for a
 * resource, whatever is allowed on it: with the token of ECR it would also hide a permission to pass any role. So the
 * list must contain all that is allowed on it.
 */
export function acknowledgeWildcards(owner: iam.CfnRole | iam.CfnPolicy, wildcards: Wildcard[]): void {
  atSynthesis(owner, () => {
    const stack = Stack.of(owner);
    const policies = owner instanceof iam.CfnPolicy ? [{ policyDocument: owner.policyDocument }] : owner.policies;
    const allowed = (stack.resolve(policies) as InlinePolicy[] | undefined ?? [])
      .flatMap(({ policyDocument }) => policyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
      .map(({ Action, Resource }) => ({
        actions: [Action ?? []].flat(),
        resources: [Resource ?? []].flat().map(nagText),
      }));
    const listed = wildcards.map((wildcard) => ({
      ...wildcard,
      resources: wildcard.resources.map((resource) => nagText(stack.resolve(resource))),
    }));
    const found = new Set(allowed.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*')));
    return [...found].flatMap((resource) => {
      const meant = listed.filter(({ resources }) => resources.includes(resource));
      const isListed = (action: string) => meant.some(({ actions }) => actions.includes(action));
      return allowed.filter(({ resources }) => resources.includes(resource))
        .every(({ actions }) => actions.every(isListed))
        ? [[nagRule(`IAM5[Resource::${resource}]`), [...new Set(meant.map(({ why }) => why))].join(' ')] as const]
        : [];
    });
  });
}

interface InlinePolicy {
  readonly policyDocument: {
    readonly Statement: { readonly Effect: string; readonly Action?: string | string[]; readonly Resource?: unknown }[];
  };
}

/**
 * CDK runs validations after the whole tree is created, and before plugins check it.
 *
 * With the name of the plugin before it, an acknowledgement is listed with its reason in the report of the CDK. It
 * has the format of `Validations.acknowledge`, which in aws-cdk-lib 2.257 rejects the IDs of wildcards.
 */
function atSynthesis(resource: CfnResource, findings: () => (readonly [rule: string, reason: string])[]): void {
  checkAtSynthesis(resource, () => {
    findings().forEach(([rule, reason]) =>
      resource.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [rule]: reason }));
  });
}

/** The id of a rule of cdk-nag's AwsSolutions pack. */
function nagRule(rule: string): string {
  return `AwsSolutions::AwsSolutions-${rule}`;
}

/** A resource as cdk-nag writes it into the id of a finding. */
function nagText(value: unknown): string {
  if (typeof value === 'string') {
    return value.replace(/\$\{/g, '<').replace(/\}/g, '>');
  }
  const [[key, inner]] = Object.entries(value as { readonly [intrinsic: string]: unknown });
  switch (key) {
    case 'Ref': return `<${String(inner)}>`;
    case 'Fn::GetAtt': return `<${(inner as string[]).join('.')}>`;
    case 'Fn::Join': return (inner as [string, unknown[]])[1].map(nagText).join((inner as [string])[0]);
    case 'Fn::ImportValue':
    case 'Fn::Sub': return nagText(inner);
    default: return JSON.stringify(value);
  }
}
