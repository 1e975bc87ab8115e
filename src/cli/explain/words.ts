import vocabulary from './vocabulary.json';

/** An AWS identifier in plain words; an unknown one is unchanged. */
export function inWords(kind: keyof typeof vocabulary, name: string): string {
  const words: { readonly [name: string]: string } = vocabulary[kind];
  return Object.hasOwn(words, name) ? words[name] : name;
}
