import { readFileSync } from 'fs';
import { join } from 'path';
import { DeploymentStatus } from '@aws-sdk/client-codedeploy';
import { ActionExecutionStatus, PipelineExecutionStatus } from '@aws-sdk/client-codepipeline';
import { parse } from 'yaml';
import { allPrograms } from '../../helpers/programs';
import { Resource } from '../../helpers/synthesis';
import { all } from '../../helpers/templates';

interface Kind {
  readonly 'kind': string;
  readonly 'source': string;
  readonly 'detail-type': string;
  readonly 'states-page': string;
  readonly 'api-page': string;
  readonly 'field': string;
  readonly 'category'?: string;
  readonly 'states': { readonly [state: string]: string };
  readonly 'api': { readonly [value: string]: string };
}

const KINDS = parse(readFileSync(join(__dirname, 'events.yaml'), 'utf8')) as Kind[];

/** The enums of the APIs, from the models of the SDK; that of CodeBuild, whose client is not installed, from its page. */
const ENUMS: { readonly [kind: string]: string[] } = {
  'an execution of the pipeline': Object.values(PipelineExecutionStatus),
  'a build': ['SUCCEEDED', 'FAILED', 'FAULT', 'TIMED_OUT', 'IN_PROGRESS', 'STOPPED'],
  'a deployment': Object.values(DeploymentStatus),
  'an action that deploys': Object.values(ActionExecutionStatus),
  'an approval': Object.values(ActionExecutionStatus),
};

/** The outcome of an event that a rule matches, by the prefix of the rule name. */
const OUTCOMES: { readonly [rule: string]: string } = {
  'rule-pipeline-failed': 'mailed',
  'rule-build-failed': 'mailed',
  'rule-deployment-failed': 'mailed',
  'rule-deploy-succeeded': 'succeeded',
  'rule-deploy-failed': 'failed',
  'rule-approval-rejected': 'failed',
};

/** Returns true if an event has one of the values of a pattern in each field. Only lists are supported, because the rules use nothing else. */
function isMatch(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((value) => JSON.stringify(value) === JSON.stringify(event));
  }
  return Object.entries(pattern as object).every(([field, inner]) =>
    typeof event === 'object' && event !== null && isMatch(inner, (event as { [field: string]: unknown })[field]));
}

/** An event of a kind in a state, from the resource in the pattern of a rule. */
function eventFor(rule: Resource['Properties'], { source, field, category, ...kind }: Kind, state: string): unknown {
  const { pipeline, stage, application, deploymentGroup, 'project-name': project } = rule.EventPattern.detail as { [field: string]: unknown[] | undefined };
  return {
    source,
    'detail-type': kind['detail-type'],
    'detail': {
      'pipeline': pipeline?.[0],
      'stage': stage?.[0],
      'application': application?.[0],
      'deploymentGroup': deploymentGroup?.[0],
      'project-name': project?.[0],
      'type': { owner: 'AWS', category, provider: 'any', version: '1' },
      [field]: state,
    },
  };
}

describe.each(KINDS)('$kind', (kind) => {
  test('every value of the API has an event state, or is listed as having none', () => {
    expect(Object.keys(kind.api).sort()).toEqual([...ENUMS[kind.kind]].sort());
    for (const state of Object.values(kind.api)) {
      expect(state in kind.states || state.startsWith('no event: ')).toBe(true);
    }
    expect([kind['states-page'], kind['api-page']]).toEqual([expect.stringMatching(PAGE), expect.stringMatching(PAGE)]);
  });

  test.each(Object.entries(kind.states))('an event in state %s has the outcome of the table: %s', (state, outcome) => {
    const isDone = Object.values(OUTCOMES).includes(outcome);
    for (const { name, template, suffix } of allPrograms()) {
      // A rule without a pattern runs on a schedule.
      const rules = all(template, 'AWS::Events::Rule').map(([, rule]) => rule).filter(({ EventPattern }) => EventPattern !== undefined);
      const matching = rules.filter((rule) => isMatch(rule.EventPattern, eventFor(rule, kind, state)));
      const found = matching.map((rule) => Object.entries(OUTCOMES).find(([type]) => String(rule.Name).startsWith(type))?.[1]
        ?? `${rule.Name} of ${suffix} is not known`);

      expect([name, ...new Set(found)]).toEqual(isDone ? [name, outcome] : [name]);
    }
    expect(isDone || outcome.length > 12).toBe(true);
  });
});

const PAGE = /^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html$/;

test('an event that differs in a field does not match', () => {
  const pattern = { source: ['aws.codepipeline'], detail: { pipeline: ['shop'], state: ['FAILED', 'CANCELED'] } };

  expect(isMatch(pattern, { source: 'aws.codepipeline', detail: { pipeline: 'shop', state: 'CANCELED', version: 2 } })).toBe(true);
  expect(isMatch(pattern, { source: 'aws.codepipeline', detail: { pipeline: 'shop', state: 'STOPPED' } })).toBe(false);
  expect(isMatch(pattern, { source: 'aws.codepipeline', detail: { state: 'FAILED' } })).toBe(false);
  expect(isMatch(pattern, { source: 'aws.codepipeline' })).toBe(false);
});
