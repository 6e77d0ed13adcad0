/** One BCP 47 tag, as far as we need it. */
export const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/;

/**
 * The preferred language of `Accept-Language` (RFC 9110, section 12.5.4); `undefined` for any. Further languages don't
 * count: a text without a language, such as the description of an event type, would lose to them.
 */
export function acceptedLanguage(header: string | undefined): string | undefined {
  const wanted = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
    return { tag, quality: quality === undefined ? 1 : Number(quality) };
  });
  const best = wanted
    .filter(({ tag, quality }) => LANGUAGE_TAG.test(tag) && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return best[0]?.tag;
}
