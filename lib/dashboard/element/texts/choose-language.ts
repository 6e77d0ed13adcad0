import type { Messages } from './catalogue.js';
import { Language } from './language.js';
import { shipped, type MessagesByLanguage } from './shipped.js';

/**
 * Chooses the language of the whole dashboard: the first requested one that has texts, otherwise English.
 * Dates and numbers follow the same language, in the reader's region if that is known.
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

/** `de-AT`, then `de`: from the most specific to the most general. */
function namesOf(tag: string): string[] {
  const parts = canonical(tag).split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

const textsOf = (messages: MessagesByLanguage, name: string): Messages | undefined =>
  Object.entries(messages).find(([tag]) => canonical(tag) === name)?.[1];

/** An invalid tag asks for no language. */
function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? '';
  } catch {
    return '';
  }
}
