import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { IConstruct } from 'constructs';

/** Something that the AwsSolutions pack of cdk-nag finds, or that the library acknowledges. */
export interface Finding {
  readonly path: string;
  /** `AwsSolutions-VPC7`, `AwsSolutions-IAM5[Resource::*]`. */
  readonly id: string;
}

export interface Acknowledgement extends Finding {
  readonly reason: string;
}

/** Everything that the pack finds below a construct, acknowledged or not. */
export function findings(root: IConstruct): Finding[] {
  // What the pack asks before it reports a finding.
  return foundBy(Object.defineProperty(new AwsSolutionsChecks(), 'isAcknowledged', { value: () => false }), root);
}

/** What the pack reports to whoever adds it to their app. */
export function reported(root: IConstruct): Finding[] {
  return foundBy(new AwsSolutionsChecks(), root);
}

function foundBy(pack: AwsSolutionsChecks, root: IConstruct): Finding[] {
  return pack.validateScope(root).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => ({ path: constructPath!, id: ruleName })));
}

/** What is acknowledged below a construct that was synthesised. */
export function acknowledgements(root: IConstruct): Acknowledgement[] {
  return root.node.findAll().flatMap(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as { [id: string]: string }))
    .filter(([id]) => id.startsWith('AwsSolutions-'))
    .map(([id, reason]) => ({ path: node.path, id, reason })));
}

/** A finding as one text. */
export function written({ path, id }: Finding): string {
  return `${path} ${id}`;
}
