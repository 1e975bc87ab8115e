import { CASES } from './cases';
import { Entry, Section, SECTIONS } from './catalogue';
import { Finding, findingWith } from './found';

/** docs/errors.md: the catalogue of codes, each with the message of a real case. */
export function errorsPage(): string {
  return `${[
    '<!-- Written by "npm run errors" from scripts/errors. Do not edit: change the catalogue or the cases. -->',
    '',
    '# Errors and warnings',
    '',
    'Input that cannot work is refused while the app is built, before anything is deployed. One error lists everything that '
      + 'is wrong about one construct; each violation names the prop, the value and the remedy, and ends with its code and a '
      + 'link to this page. A code keeps its meaning for ever. What only a complete app shows is reported at synthesis. What '
      + 'works and is not wise is a warning, which can be acknowledged.',
    '',
    ...SECTIONS.flatMap(sectionLines),
  ].join('\n').trimEnd()}\n`;
}

const REPORTED = { construction: 'as an error', synthesis: 'at synthesis', warning: 'as a warning' } as const;

function sectionLines({ title, codes }: Section): string[] {
  const found = Object.entries(codes).map(([code, entry]) => ({ code, entry, finding: findingWith(code, CASES[code]) }));
  return [
    `## ${title}`,
    '',
    '| Code | Rule | Reported |',
    '| --- | --- | --- |',
    ...found.map(({ code, entry, finding }) =>
      `| [${code}](#${code.toLowerCase()}) | ${entry.rule} | ${REPORTED[finding.when]} |`),
    '',
    ...found.flatMap(({ code, entry, finding }) => chapter(code, entry, finding)),
  ];
}

/** The link of a message leads to where the reader is. */
const LINK = / https:\/\/\S+\/docs\/errors\.md#bgp\d{3}/g;

function chapter(code: string, { rule, why, fix, source }: Entry, { text, id }: Finding): string[] {
  const acknowledgement = `Validations.of(construct).acknowledge({ id: '${id}', reason: '…' })`;
  return [
    `### ${code}`,
    '',
    rule,
    '',
    '```text',
    text.replace(LINK, ''),
    '```',
    '',
    `- Why: ${why}`,
    `- What to do: ${fix}`,
    ...(id === undefined ? [] : [`- To acknowledge it: \`${acknowledgement}\``]),
    ...(source === undefined ? [] : [`- Source: <${source}>`]),
    '',
  ];
}
