import { CODES, explained, Finding } from './findings';
import { Guarded, guardedPairs } from './guard';
import { stackPolicy } from './stack-policy';
import { Pair, readPairs, stacksOf } from './templates';
import { CommandError } from '../failure';
import { counted, Entry, listed, paragraph, Section, sectionLines, WIDTH } from '../layout';

export interface GuardOptions {
  readonly stack?: string;
  /** Codes of planned changes. */
  readonly allow?: readonly string[];
  /** Prints a stack policy instead. */
  readonly policy?: boolean;
}

/** Compares what is deployed with what is to be deployed, stack by stack. */
export function guard(
  [old, current = 'cdk.out', ...rest]: readonly string[],
  { stack, allow = [], policy }: GuardOptions,
) {
  if (policy) {
    return printPolicy(old ?? 'cdk.out', stack);
  }
  if (old === undefined || rest.length > 0) {
    throw new CommandError(
      'guard compares two: what is deployed, and what is to be deployed (cdk.out); --help shows how to get them',
    );
  }
  const unknown = allow.filter((code) => !(CODES as string[]).includes(code));
  if (unknown.length > 0) {
    throw new CommandError(`there is no code ${listed(unknown)}; the codes are ${listed(CODES)}`);
  }
  const { pairs, unpaired } = readPairs(old, current, stack);
  const reports = guardedPairs(pairs)
    .map((result, index) => ({ ...result, pair: pairs[index], ...sorted(result.findings, allow) }));
  return {
    lines: [
      ...reports.flatMap((report, index) => [...(index === 0 ? [] : ['']), ...linesOf(report)]),
      ...unpaired.flatMap((one) => ['', one]),
    ],
    data: reports.map(dataOf),
    findings: reports.reduce((sum, { harmful }) => sum + harmful.length, 0),
  };
}

/** Prints the stack policy of the one stack that has something to protect. */
function printPolicy(path: string, stackName?: string) {
  const stacks = stacksOf(path, stackName)
    .map(({ template }) => ({ stack: template.stackName, policy: stackPolicy(template) }))
    .filter(({ policy: { Statement } }) => Statement.length > 1);
  if (stacks.length === 0) {
    throw new CommandError(`${path} has no stack with a resource that the policy protects`);
  }
  if (stacks.length > 1) {
    const names = stacks.map(({ stack }) => stack).join(', ');
    throw new CommandError(`${path} has several stacks to protect; name one with --stack: ${names}`);
  }
  return { lines: [JSON.stringify(stacks[0].policy, undefined, 2)], data: stacks, findings: 0 };
}

interface Report extends Guarded {
  readonly pair: Pair;
  readonly harmful: readonly Finding[];
  readonly allowed: readonly Finding[];
}

function sorted(findings: readonly Finding[], allow: readonly string[]): Pick<Report, 'harmful' | 'allowed'> {
  const isAllowed = ({ code }: Finding) => allow.includes(code);
  return { harmful: findings.filter((one) => !isAllowed(one)), allowed: findings.filter(isAllowed) };
}

function linesOf(report: Report): string[] {
  const { pair, differences: { changes, after }, access, notKnown, harmful, allowed } = report;
  const section = (title: string, entries: Entry[]): Section[] => (entries.length === 0 ? [] : [{ title, entries }]);
  const items = (texts: readonly string[]): Entry[] =>
    texts.length === 0 ? [] : [{ says: texts.map((text) => `- ${text}`) }];
  const count = harmful.length === 0 ? 'No finding' : counted(harmful.length, 'finding');
  return [
    '='.repeat(WIDTH),
    `${pair.path} in ${after.region}`,
    '='.repeat(WIDTH),
    ...paragraph(`${count} in ${counted(changes.length, 'changed resource')}.`),
    ...[
      ...section('Findings', harmful.map(entryOf)),
      ...section('Allowed', allowed.map(entryOf)),
      ...section('New access', items(access)),
      ...section('Not known', items(notKnown)),
    ].flatMap(sectionLines),
  ];
}

function entryOf(finding: Finding): Entry {
  const { effect, remedy } = explained(finding);
  return {
    name: `${finding.code}: ${finding.subject}`,
    facts: [
      ['Change', ...finding.details],
      ['Effect', effect],
      ['Safe way', remedy],
    ],
  };
}

/** The keys are documented in cli/help/guard.txt. */
function dataOf(report: Report): object {
  const { pair, differences: { changes, after }, access, notKnown, harmful, allowed } = report;
  return {
    stack: after.stackName,
    path: pair.path,
    region: after.region,
    account: after.account,
    changes: changes.length,
    findings: harmful.map(findingData),
    allowed: allowed.map(findingData),
    access,
    notKnown,
  };
}

function findingData(finding: Finding): object {
  const { code, subject, changes, details } = finding;
  return {
    code,
    subject,
    resources: changes.map(({ before, after }) => (before ?? after)!.id),
    details,
    ...explained(finding),
  };
}
