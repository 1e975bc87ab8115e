import { buildSpecText } from './build-text';
import { ReportType } from './report';
import { instanceOf } from '../../private/types';
import { Check, list, matching, optional, required } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { BuildReport } from '../build-report';

const COMMANDS = '["npm ci", "npm test"]';

const commandList = list({
  example: COMMANDS,
  nonEmpty: { code: 'BGP035', rule: 'a list of at least one command' },
  each: buildSpecText('npm test'),
});

export const commands = required(COMMANDS, commandList);
export const optionalCommands = optional(commandList);

const REPORT = 'BuildReport.junit(["reports/junit.xml"])';
const report = required(REPORT, instanceOf(BuildReport, REPORT));

/** A report group has one type, and accepts the files of one report per build. */
const oneReportOfEachType: Check<readonly BuildReport[]> = (prop, reports) => {
  const types = reports.map((each) => each._bind().type);
  const repeated = types.find((type: ReportType, index) => types.indexOf(type) < index);
  return repeated === undefined ? undefined : violation({
    code: 'BGP036',
    prop,
    rule: `must have at most one report of ${repeated.content}`,
    got: 'two reports',
    remedy: 'pass all the files to one report',
  });
};

export const reportList = optional(
  list({ example: `[${REPORT}]`, each: (prop, element) => report(prop, element) }),
  oneReportOfEachType,
);

/** A path that stays within the source. */
export function pathInSource(example: string): Check {
  return optional(matching({
    code: 'BGP030',
    pattern: /^(?!\/)(?!([^]*\/)?\.\.(\/|$))\P{Cc}*$/u,
    rule: 'a path within the source, relative to its root',
    example,
  }), buildSpecText(example));
}

export interface RequiredOutsidePipelineOptions {
  readonly factory: string;
  readonly prop: string;
  readonly value: unknown;
  readonly example: string;
}

/** An option that only a pipeline sets by itself. */
export function requiredOutsidePipeline(options: RequiredOutsidePipelineOptions): Violations {
  const { factory, prop, value, example } = options;
  return value !== undefined ? undefined : violation({
    code: 'BGP045',
    prop,
    rule: `must be passed to ${factory} outside a BlueGreenFargatePipeline`,
    remedy: `for example ${example}`,
  });
}

/** The violation of steps that produce no image. */
export const MAKES_NO_IMAGE = violation({
  code: 'BGP070',
  prop: 'buildSteps',
  rule: 'must produce an image',
  remedy: 'use BuildSteps.image or BuildSteps.buildSpec',
});

/** The violation of steps that do not test an image. */
export const TESTS_NO_IMAGE = violation({
  code: 'BGP138',
  prop: 'testSteps',
  rule: 'must test the image that the build stage produced',
  remedy: 'use BuildSteps.probe, BuildSteps.commands or BuildSteps.buildSpec',
});
