import { join } from 'path';
import { Effect, Prop, PROPS } from './props';
import { Code } from '../../src/cli/guard/findings';
import { groupedBy } from '../../src/cli/layout';
import { page, table } from '../markdown';

/** Returns docs/changes.md: the text of page.md, with a table of props for each owner. */
export function changesPage(): string {
  return page(join(__dirname, 'page.md'), {
    owners: groupedBy(PROPS.map((prop) => [prop.owner, prop])).map(([owner, props]) => section(owner, props)).join('\n\n'),
  });
}

/** Sentences that precede the table of an owner. */
const INTRODUCTIONS: { readonly [owner: string]: string } = {
  EcsBlueGreenDeployment: 'All props of [PipelineEnvironment](#pipelineenvironment) except `approval` have the same effect here. In addition:',
};

function section(owner: string, props: readonly Prop[]): string {
  const introduction = INTRODUCTIONS[owner];
  return [
    `### ${owner}`,
    ...(introduction === undefined ? [] : [introduction]),
    table(['Prop', 'Takes effect', 'Findings', 'Details', 'Test'], props.map(row)),
  ].join('\n\n');
}

function row(prop: Prop): string[] {
  return [
    `\`${prop.path}\``,
    prop.effect,
    prop.codes.map((code) => `[${code}](guard.md#${code})`).join(', '),
    detailsOf(prop),
    `\`${prop.title}\`${isInFrozenTest(prop) ? ', [frozen.test.ts](../test/contract/frozen.test.ts)' : ''}`,
  ];
}

/** The outcome of the deployment of another value of a frozen prop, by the finding that shows it. */
const FROZEN: readonly (readonly [Code, string])[] = [
  ['update-rejected', 'Fails and rolls back. Alternative: [a second pipeline](#frozen-options)'],
  ['name-taken', 'Fails and rolls back. Alternative: [a new environment](#frozen-options)'],
  [
    'task-definition-frozen',
    'Succeeds, and blocks every later update of the service. Alternative: [a new environment in a second pipeline](#frozen-options)',
  ],
];

/** Effects that need details, unless there is one sentence for all their props. */
const NEED_DETAILS: readonly Effect[] = ['frozen', 'two steps', 'deletes'];

function detailsOf({ title, effect, codes, details }: Prop): string {
  const frozen = FROZEN.find(([code]) => effect === 'frozen' && codes.includes(code))?.[1];
  const ending = effect === 'ends executions'
    ? 'Deploy while no execution is in progress: [Changing the pipeline](#changing-the-pipeline)'
    : undefined;
  const text = details ?? frozen ?? ending;
  if (text === undefined && NEED_DETAILS.includes(effect)) {
    throw new Error(`scripts/changes/details.yaml must name the consequence of a change of ${title}, and the alternative`);
  }
  return text ?? '';
}

/** The test compares texts, so it does not see an update that CloudFormation rejects because of a reference. */
function isInFrozenTest({ effect, codes }: Prop): boolean {
  return effect === 'frozen' && !codes.includes('update-rejected');
}
