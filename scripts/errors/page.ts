import { findingWith } from './found';
import { CATALOGUE, Code } from '../../src/private/catalogue';
import { ANYWHERE } from '../../src/private/catalogue/anywhere';
import { BUILD } from '../../src/private/catalogue/build';
import { DEPLOYMENT } from '../../src/private/catalogue/deployment';
import { OTHER_ROOMS } from '../../src/private/catalogue/other-rooms';
import { SOURCE } from '../../src/private/catalogue/source';
import { SURROUNDINGS } from '../../src/private/catalogue/surroundings';
import { CASES } from '../../test/helpers/cases';

const SECTIONS: { readonly title: string; readonly codes: object }[] = [
  { title: 'Any construct', codes: ANYWHERE },
  { title: 'Source', codes: SOURCE },
  { title: 'Build', codes: BUILD },
  { title: 'Approval, artifacts, alarms, dashboard and credentials', codes: OTHER_ROOMS },
  { title: 'Deployment', codes: DEPLOYMENT },
  { title: 'Network, environments together, and the whole at synthesis', codes: SURROUNDINGS },
];

/** docs/errors.md: the catalogue of the code, with the message that a real case gets. */
export function errorsPage(): string {
  return `${[
    '<!-- Written by "npm run errors" from src/private/catalogue.ts and test/helpers/cases. Do not edit: change the catalogue or the cases. -->',
    '',
    '# Errors and warnings',
    '',
    'Input that cannot work is refused while the app is built, before anything is deployed. One error lists everything that is wrong about one construct; '
      + 'each problem names the prop, the value and a way out, and ends with its code. A code keeps its meaning for ever. '
      + 'What can only be seen when the app is complete is told at synthesis. What works and is not wise is a warning, which can be acknowledged.',
    '',
    ...SECTIONS.map(({ title, codes }) => ({ title, codes: Object.keys(codes) as Code[] })).flatMap(({ title, codes }) => [
      `## ${title}`,
      '',
      '| Code | Rule | Told |',
      '| --- | --- | --- |',
      ...codes.map((code) => `| [${code}](#${code.toLowerCase()}) | ${CATALOGUE[code].rule} | ${TOLD[findingWith(code, CASES[code]).when]} |`),
      '',
      ...codes.flatMap(chapter),
    ]),
  ].join('\n').trimEnd()}\n`;
}

const TOLD = { construction: 'as an error', synthesis: 'at synthesis', warning: 'as a warning' } as const;

function chapter(code: Code): string[] {
  const { rule, why, fix, source }: { readonly rule: string; readonly why: string; readonly fix: string; readonly source?: string } = CATALOGUE[code];
  const { text, id } = findingWith(code, CASES[code]);
  return [
    `### ${code}`,
    '',
    rule,
    '',
    '```text',
    text,
    '```',
    '',
    `- Why: ${why}`,
    `- What to do: ${fix}`,
    ...(id === undefined ? [] : [`- To acknowledge it: \`Validations.of(construct).acknowledge({ id: '${id}', reason: '…' })\``]),
    ...(source === undefined ? [] : [`- Source: <${source}>`]),
    '',
  ];
}
