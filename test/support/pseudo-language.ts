import type { Text } from '../../lib/dashboard/element/texts/catalogue.js';
import { english } from '../../lib/dashboard/element/texts/english.js';

const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ACCENTED = 'ÅƁÇĐÉƑĜĤÎĴĶĻḾÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļḿñöþǫŕšţûṽŵẋýž';

/** The added letters come in words of at most this length, as long words of other languages have. */
const LONGEST = 10;

/** Read as English, yet none of it is: what is plain English on the page does not come from the catalogue. A third longer, too. */
export const pseudoTexts = (): Record<string, Text> =>
  Object.fromEntries(
    Object.entries(english).map(([key, text]: [string, Text]) => [
      key,
      typeof text === 'string'
        ? pseudo(text)
        : (Object.fromEntries(Object.entries(text).map(([form, words]) => [form, pseudo(words)])) as Text),
    ]),
  );

/** Parameters and code stay. */
function pseudo(text: string): string {
  const accented = text.replaceAll(/\{\w+\}|`[^`]*`|[A-Za-z]/g, (part) => {
    const at = part.length === 1 ? PLAIN.indexOf(part) : -1;
    return at < 0 ? part : ACCENTED[at]!;
  });
  const more = '·'.repeat(Math.ceil(text.length / 3));
  return accented + more.match(new RegExp(`.{1,${LONGEST}}`, 'g'))!.join(' ');
}
