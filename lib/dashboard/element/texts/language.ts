import type { Messages, Text, TextKey } from './catalogue.js';
import { en } from './en.js';

const KEYS = Object.keys(en) as TextKey[];
const ENGLISH_TEXTS: Record<string, Text> = en;

/** Texts of a script that comes later. */
export const addEnglish = (texts: Messages): unknown => Object.assign(ENGLISH_TEXTS, texts);

/** The texts and the formats of one locale. */
export class Language {
  private readonly plurals: Intl.PluralRules;
  private readonly formats = new Map<unknown, unknown>();

  /** @param locale BCP 47, of all formats */
  constructor(
    readonly locale: string,
    private readonly messages: readonly Messages[] = [],
  ) {
    this.plurals = new Intl.PluralRules(locale);
  }

  /** The pattern of a text, in English where the language has none. */
  pattern(key: TextKey, count: unknown): string {
    // The build writes the place of a key in its place.
    const name = KEYS[key as unknown as number] ?? key;
    const given = this.messages.map((messages) => messages[name]).find((text) => text !== undefined);
    const text = given ?? ENGLISH_TEXTS[name]!;
    if (typeof text === 'string') return text;
    const { plurals } = given ? this : ENGLISH;
    return text[plurals.select(Number(count))] ?? text.other;
  }

  /** Whether there is such a text. Those of `later.ts` come with it. */
  has(key: string): key is TextKey {
    return Object.hasOwn(ENGLISH_TEXTS, key);
  }

  /** A format of this locale, made once. @param make stays the same function */
  format<Format>(make: (locale: string) => Format): Format {
    if (!this.formats.has(make)) this.formats.set(make, make(this.locale));
    return this.formats.get(make) as Format;
  }
}

const ENGLISH = new Language('en');
let spoken = ENGLISH;

/** The language of the dashboard that is rendering: texts are made while it does, and at no other time. */
export const language = (): Language => spoken;

/** From now on. Two dashboards on one page may have two languages: each part says whose it is before it renders. */
export function speak(next: Language | undefined): void {
  if (next) spoken = next;
}
