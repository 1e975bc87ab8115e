import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A finding of the AwsSolutions pack of cdk-nag, or one that the library acknowledges. */
export interface Finding {
  readonly path: string;
  /** `AwsSolutions-VPC7`, `AwsSolutions-IAM5[Resource::*]`. */
  readonly id: string;
}

export interface Acknowledgement extends Finding {
  readonly reason: string;
}

const PREFIX = 'AwsSolutions::';

/** The acknowledgements below a synthesised construct. */
export function acknowledgements(root: IConstruct): Acknowledgement[] {
  return root.node.findAll().flatMap(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as { [id: string]: string }))
    .filter(([id]) => id.startsWith(PREFIX))
    .map(([id, reason]) => ({ path: node.path, id: id.slice(PREFIX.length), reason })));
}
