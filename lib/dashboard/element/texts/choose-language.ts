import type { Messages } from './catalogue.js';
import { Language } from './language.js';
import { shipped, type MessagesByLanguage } from './shipped.js';

/**
 * The whole dashboard in one language: the first that is asked for and that there are texts in, else English. Formats are
 * of the same language, in the reader's own region where the reader has one.
 */
export function chooseLanguage(locale: string | undefined, own: MessagesByLanguage = {}): Language {
  const wanted = locale ? [locale] : navigator.languages;
  const known = new Set(['en', ...Object.keys(shipped()), ...Object.keys(own)].map(canonical));
  const chosen = wanted.find((tag) => namesOf(tag).some((name) => known.has(name))) ?? english();
  const messages = namesOf(chosen).flatMap((name) => [textsOf(own, name), textsOf(shipped(), name)]);
  return new Language(
    chosen,
    messages.filter((some) => some !== undefined),
  );
}

const english = (): string => navigator.languages.find((tag) => /^en\b/i.test(tag)) ?? 'en';

/** `de-AT`, `de`: from the closest to the widest. */
function namesOf(tag: string): string[] {
  const parts = canonical(tag).split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

const textsOf = (messages: MessagesByLanguage, name: string): Messages | undefined =>
  Object.entries(messages).find(([tag]) => canonical(tag) === name)?.[1];

/** What is no tag asks for nothing. */
function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? '';
  } catch {
    return '';
  }
}
