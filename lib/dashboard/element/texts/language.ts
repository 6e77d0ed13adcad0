import type { Messages, Text, TextKey } from './catalogue.js';
import { en } from './en.js';

const KEYS = Object.keys(en) as TextKey[];
const ENGLISH_TEXTS: Record<string, Text> = en;

/** Adds the texts of a script that loads later. */
export const addEnglish = (texts: Messages): unknown => Object.assign(ENGLISH_TEXTS, texts);

/** The texts and the formats of one locale. */
export class Language {
  private readonly plurals: Intl.PluralRules;
  private readonly formats = new Map<unknown, unknown>();

  /** @param locale BCP 47, for all formats */
  constructor(
    readonly locale: string,
    private readonly messages: readonly Messages[] = [],
  ) {
    this.plurals = new Intl.PluralRules(locale);
  }

  /** Returns the pattern of a text, in English if the language lacks it. */
  pattern(key: TextKey, count: unknown): string {
    // The build replaces keys by their indices.
    const name = KEYS[key as unknown as number] ?? key;
    const given = this.messages.map((messages) => messages[name]).find((text) => text !== undefined);
    const text = given ?? ENGLISH_TEXTS[name]!;
    if (typeof text === 'string') return text;
    const { plurals } = given ? this : ENGLISH;
    return text[plurals.select(Number(count))] ?? text.other;
  }

  /** Whether the text exists. The texts of `later.ts` exist once that script has loaded. */
  has(key: string): key is TextKey {
    return Object.hasOwn(ENGLISH_TEXTS, key);
  }

  /**
   * Returns a format of this locale, and caches it.
   * @param make the cache key, so it must be the same function each time
   */
  format<Format>(make: (locale: string) => Format): Format {
    if (!this.formats.has(make)) this.formats.set(make, make(this.locale));
    return this.formats.get(make) as Format;
  }
}

const ENGLISH = new Language('en');
let spoken = ENGLISH;

/** The language of the dashboard that is rendering at the moment. Texts are only created during rendering. */
export const language = (): Language => spoken;

/**
 * Sets that language. Two dashboards on one page may differ, so each element calls this before it renders.
 */
export function speak(next: Language | undefined): void {
  if (next) spoken = next;
}
