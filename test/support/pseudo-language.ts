import type { Text } from '../../lib/dashboard/element/texts/catalogue.js';
import { english } from '../../lib/dashboard/element/texts/english.js';

const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ACCENTED = 'ÅƁÇĐÉƑĜĤÎĴĶĻḾÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļḿñöþǫŕšţûṽŵẋýž';

/** The maximum length of the added words. Words of other languages can be as long. */
const LONGEST = 10;

/**
 * A catalogue that looks like English but is not, and is a third longer. Plain English on a page thus does
 * not come from the catalogue.
 */
export const pseudoTexts = (): Record<string, Text> =>
  Object.fromEntries(
    Object.entries(english).map(([key, text]: [string, Text]) => [
      key,
      typeof text === 'string'
        ? pseudo(text)
        : (Object.fromEntries(Object.entries(text).map(([form, words]) => [form, pseudo(words)])) as Text),
    ]),
  );

/** Leaves parameters and code unchanged. */
function pseudo(text: string): string {
  const accented = text.replaceAll(/\{\w+\}|`[^`]*`|[A-Za-z]/g, (part) => {
    const at = part.length === 1 ? PLAIN.indexOf(part) : -1;
    return at < 0 ? part : ACCENTED[at]!;
  });
  const more = '·'.repeat(Math.ceil(text.length / 3));
  return accented + more.match(new RegExp(`.{1,${LONGEST}}`, 'g'))!.join(' ');
}
