import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledgements, Finding } from '../../scripts/iam/acknowledgements';

export { acknowledgements };

/** The report that the CDK writes into an assembly about the findings of a plugin. */
interface Report {
  readonly pluginReports: readonly { readonly pluginName: string; readonly violations: Violation[]; readonly suppressedViolations: Violation[] }[];
}

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** The findings that an app reports with the pack as a plugin, and the acknowledged ones. */
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

/** A finding as one string. */
export function written({ path, id }: Finding): string {
  return `${path} ${id}`;
}
