import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Validations } from 'aws-cdk-lib';
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

/** What the CDK writes into an assembly about the findings of a plugin. */
interface Report {
  readonly pluginReports: readonly { readonly pluginName: string; readonly violations: Violation[]; readonly suppressedViolations: Violation[] }[];
}

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** What an app is told that has the pack as a plugin, and what is listed as acknowledged. */
export function reportOf(app: App): { readonly reported: Finding[]; readonly acknowledged: Finding[] } {
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  // A violation ends the synthesis, after the report was written.
  const printed = jest.spyOn(console, 'error').mockReturnValue();
  try {
    app.synth({ force: true });
  } catch (error) {
    if (!String(error).includes('validation-report.json')) {
      throw error;
    }
  }
  printed.mockRestore();
  const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  const [report] = pluginReports.filter(({ pluginName }) => pluginName === 'AwsSolutions');
  return { reported: report.violations.flatMap(foundBy), acknowledged: report.suppressedViolations.flatMap(foundBy) };
}

function foundBy({ ruleName, violatingConstructs }: Violation): Finding[] {
  return violatingConstructs.map(({ constructPath }) => ({ path: constructPath, id: ruleName }));
}

const PREFIX = 'AwsSolutions::';

/** What is acknowledged below a construct that was synthesised. */
export function acknowledgements(root: IConstruct): Acknowledgement[] {
  return root.node.findAll().flatMap(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as { [id: string]: string }))
    .filter(([id]) => id.startsWith(PREFIX))
    .map(([id, reason]) => ({ path: node.path, id: id.slice(PREFIX.length), reason })));
}

/** A finding as one text. */
export function written({ path, id }: Finding): string {
  return `${path} ${id}`;
}
