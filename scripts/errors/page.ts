import { Finding, findingWith } from './found';
import { CATALOGUE, Code } from '../../src/private/catalogue';
import { CASES } from '../../test/helpers/cases';

/** The sections of the page, and the last code that each may have. */
const SECTIONS = [
  { title: 'Any construct', last: 19 },
  { title: 'Source', last: 29 },
  { title: 'Build', last: 79 },
  { title: 'Approval, artifacts, alarms, dashboard and credentials', last: 89 },
  { title: 'Deployment, pipeline and network', last: 149 },
];

/** docs/errors.md: the catalogue of the code, with the message that a real case gets. */
export function errorsPage(): string {
  const codes = (Object.keys(CATALOGUE) as Code[]).sort();
  const sections = SECTIONS.map(({ title, last }, index) => ({
    title, codes: codes.filter((code) => numberOf(code) > (SECTIONS[index - 1]?.last ?? 0) && numberOf(code) <= last),
  }));
  return `${[
    '<!-- Written by "npm run errors" from src/private/catalogue.ts and test/helpers/cases. Do not edit: change the catalogue or the cases. -->',
    '',
    '# Errors and warnings',
    '',
    'Input that cannot work is refused while the app is built, before anything is deployed. One error lists everything that is wrong about one construct; '
      + 'each problem names the prop, the value and a way out, and ends with its code. A code keeps its meaning for ever. '
      + 'What can only be seen when the app is complete is reported at synthesis. What works and is not wise is a warning: it is acknowledged by its id with '
      + '`Validations.of(construct).acknowledge({ id, reason })`, where the id has `Annotation::` before it.',
    '',
    ...sections.flatMap((section) => [
      `## ${section.title}`,
      '',
      '| Code | Rule |',
      '| --- | --- |',
      ...section.codes.map((code) => `| [${code}](#${code.toLowerCase()}) | ${CATALOGUE[code].rule.replace(/\|/g, '\\|')} |`),
      '',
      ...section.codes.flatMap(chapter),
    ]),
  ].join('\n').trimEnd()}\n`;
}

/** The number within a code, by which rooms have their ranges. */
export function numberOf(code: string): number {
  return Number(code.slice('BGP'.length));
}

function chapter(code: Code): string[] {
  const { rule, why, fix, source }: { readonly rule: string; readonly why: string; readonly fix: string; readonly source?: string } = CATALOGUE[code];
  const finding = findingWith(code, CASES[code]);
  return [
    `### ${code}`,
    '',
    `${rule} ${WHEN[finding.when](finding)}`,
    '',
    '```text',
    finding.text,
    '```',
    '',
    `- Why: ${why}`,
    `- What to do: ${fix}`,
    ...(source === undefined ? [] : [`- Source: <${source}>`]),
    '',
  ];
}

const WHEN: { readonly [when in Finding['when']]: (finding: Finding) => string } = {
  construction: () => 'Refused when the construct is made.',
  synthesis: () => 'Reported at synthesis.',
  warning: ({ id }) => `A warning, with the id \`${id}\`.`,
};
