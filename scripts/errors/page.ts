import { join } from 'path';
import { CASES } from './cases';
import { Entry, Section, SECTIONS } from './catalogue';
import { Finding, findingWith } from './found';
import { page, table } from '../markdown';

/** docs/errors.md: the catalogue of codes, each with the message of a real case. */
export function errorsPage(): string {
  return page(join(__dirname, 'page.md'), { sections: SECTIONS.map(section).join('\n\n') });
}

const REPORTED = { construction: 'as an error', synthesis: 'at synthesis', warning: 'as a warning' } as const;

function section({ title, codes }: Section): string {
  const found = Object.entries(codes).map(([code, entry]) => ({ code, entry, finding: findingWith(code, CASES[code]) }));
  return [
    `## ${title}`,
    table(['Code', 'Rule', 'Reported'], found.map(({ code, entry, finding }) =>
      [`[${code}](#${code.toLowerCase()})`, entry.rule, REPORTED[finding.when]])),
    ...found.map(({ code, entry, finding }) => chapter(code, entry, finding)),
  ].join('\n\n');
}

/** The link of a message leads to the page that contains it. */
const LINK = / https:\/\/\S+\/docs\/errors\.md#bgp\d{3}/g;

function chapter(code: string, { rule, why, fix, source }: Entry, { text, id }: Finding): string {
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
  ].join('\n');
}
