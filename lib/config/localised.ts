/** The same text in other languages, by BCP 47 tags: `{ de: '…', 'pt-BR': '…' }`. */
export type Translations = Readonly<Record<string, string>>;

/** The text in a language, or in the language that it is a variant of: `de-AT` finds `de`. */
export function translated(texts: Translations | undefined, locale: string): string | undefined {
  const known = new Map(Object.entries(texts ?? {}).map(([tag, text]) => [tag.toLowerCase(), text]));
  const parts = locale.toLowerCase().split('-');
  return parts
    .map((_, index) => known.get(parts.slice(0, parts.length - index).join('-')))
    .find((text) => text !== undefined);
}
