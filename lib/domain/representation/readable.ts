/** A field of an event's data, as a message shows it. */
export interface ReadableField {
  readonly name: string;
  readonly value: string;
}

/** The start of a text, counted in code points, with a sign that there is more. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** The first fields of the data in readable form. Nested values are shown as JSON. */
export function fieldsOf(data: unknown, most: number, longest: number): ReadableField[] {
  if (typeof data !== 'object' || data === null) return [{ name: 'data', value: readable(data, longest) }];
  const entries = Object.entries(data);
  return entries
    .filter(([, value]) => value !== null && value !== '')
    .slice(0, most)
    .map(([name, value]) => ({ name: cut(name, 75), value: readable(value, longest) }));
}

const readable = (value: unknown, longest: number): string =>
  cut(typeof value === 'string' ? value : JSON.stringify(value), longest);

/** The type's description, or its name in words. */
export const titleOf = ({
  type,
  description,
}: {
  readonly type: string;
  readonly description: string;
}): string => {
  const text = description.replaceAll(/\s+/g, ' ').trim();
  if (text !== '') return text;
  const words = type.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
