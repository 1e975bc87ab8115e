import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { buildSpecText } from './build-text';
import { throwIfInvalid } from '../../private/errors';
import { list, required } from '../../private/validation';

/** The files of one report: see `BuildReport`. */
export interface Report {
  readonly files: readonly string[];
  readonly format: string;
  readonly type: ReportType;
}

/** One of the two types of report groups. */
export interface ReportType {
  readonly groupType: codebuild.ReportGroupType;
  /** Content of its reports, as in "a report of test cases". */
  readonly content: string;
  /** The id of the group within the project. */
  readonly groupId: string;
  /** The first part of the group's name. */
  readonly groupName: string;
}

export const TEST_CASES: ReportType = {
  groupType: codebuild.ReportGroupType.TEST,
  content: 'test cases',
  groupId: 'Reports',
  groupName: 'reports',
};

export const COVERAGE: ReportType = {
  groupType: codebuild.ReportGroupType.CODE_COVERAGE,
  content: 'coverage',
  groupId: 'Coverage',
  groupName: 'coverage',
};

export interface ReportOptions extends Report {
  /** The factory of `BuildReport`. */
  readonly factory: string;
}

export function report({ factory, files, format, type }: ReportOptions): Report {
  throwIfInvalid({ type: `BuildReport.${factory}` }, filePatterns('files', files));
  return { files, format, type };
}

const EXAMPLE = '["reports/**/*.xml"]';

const filePatterns = required(EXAMPLE, list({
  example: EXAMPLE,
  nonEmpty: { code: 'BGP037', rule: 'a list of at least one path or pattern' },
  each: buildSpecText('reports/**/*.xml'),
}));

/** The section of a buildspec that names the files of reports. */
export function reportsSection(reports: readonly Report[], groupArns: readonly string[]): object {
  const entries = reports.map(({ files, format }, index) => [groupArns[index], { files, 'file-format': format }]);
  return entries.length === 0 ? {} : { reports: Object.fromEntries(entries) };
}
