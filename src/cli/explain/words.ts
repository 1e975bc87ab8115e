import vocabulary from './vocabulary.json';

/** A name of AWS in words; one that is not known here stays as it is. */
export function inWords(kind: keyof typeof vocabulary, name: string): string {
  const words: { readonly [name: string]: string } = vocabulary[kind];
  return Object.hasOwn(words, name) ? words[name] : name;
}
