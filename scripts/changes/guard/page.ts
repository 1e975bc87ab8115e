import { readFileSync } from 'fs';
import { join } from 'path';
import codes from '../../../src/cli/guard/codes.json';
import { Code, CODES } from '../../../src/cli/guard/findings';
import { groupedBy } from '../../../src/cli/layout';
import { page } from '../../markdown';
import { Prop, PROPS } from '../props';

/** Returns docs/guard.md: an entry for each code, with the texts of the command. */
export function guardPage(): string {
  return page(join(__dirname, 'page.md'), { codes: CODES.map(entry).join('\n\n') });
}

const HELP = readFileSync(join(__dirname, '..', '..', '..', 'src', 'cli', 'help', 'guard.txt'), 'utf8');

function entry(code: Code): string {
  const { effect, remedy } = codes[code];
  const props = PROPS.filter((prop) => prop.codes.includes(code));
  const denied = props.filter(({ isDenied }) => isDenied);
  return [
    `## ${code}`,
    '',
    changeOf(code),
    '',
    `- Effect: ${effect}`,
    `- Safe way: ${remedy}`,
    ...(props.length === 0 ? [] : [`- Props: ${listOf(props)}`]),
    ...(denied.length === 0 ? [] : [`- Stack policy: denies a change of ${denied.length === props.length ? 'each of these props' : listOf(denied)}`]),
  ].join('\n');
}

/** Returns the change as a sentence, from the help of the command. */
function changeOf(code: Code): string {
  const [, words] = new RegExp(`^ {2}${code} {2,}(.+)$`, 'm').exec(HELP) ?? [];
  if (words === undefined) {
    throw new Error(`src/cli/help/guard.txt has no line for ${code}`);
  }
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

function listOf(props: readonly Prop[]): string {
  return groupedBy(props.map(({ owner, path }) => [owner, `\`${path}\``]))
    .map(([owner, paths]) => `${paths.join(', ')} of [${owner}](changes.md#${owner.toLowerCase()})`)
    .join('; ');
}
