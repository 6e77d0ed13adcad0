import { html, type TemplateResult } from 'lit';
import type { Parameters, TextKey } from './catalogue.js';
import { language } from './language.js';

/** Matches a parameter, or text between backticks. */
const PARTS = /\{(\w+)\}|`([^`]*)`/g;

const numbers = (locale: string): Intl.NumberFormat => new Intl.NumberFormat(locale);

export const formatNumber = (value: number): string => language().format(numbers).format(value);

const conjunctions = (locale: string): Intl.ListFormat => new Intl.ListFormat(locale);
const enumerations = (locale: string): Intl.ListFormat => new Intl.ListFormat(locale, { type: 'unit' });

/** Joins items as in `5 min, 15 min, and 1 h`. */
export const listed = (items: readonly string[]): string => language().format(conjunctions).format(items);

/** Joins items as in `Succeeded: 3, Failed: 1`. */
export const enumerated = (items: readonly string[]): string => language().format(enumerations).format(items);

const shown = (value: unknown): unknown => (typeof value === 'number' ? formatNumber(value) : value);

/** Returns a text in the dashboard's language. Numbers follow the locale. */
export function t<Key extends TextKey>(key: Key, ...[given]: Parameters<Key, string | number>): string {
  const parameters = (given ?? {}) as Readonly<Record<string, unknown>>;
  return language()
    .pattern(key, parameters.count)
    .replaceAll(PARTS, (_, name?: string, code?: string) => (name ? String(shown(parameters[name])) : code!));
}

/** Like `t`, with templates as parameters, and with code as elements. */
export function rich<Key extends TextKey>(key: Key, ...[given]: Parameters<Key, unknown>): TemplateResult {
  const parameters = (given ?? {}) as Readonly<Record<string, unknown>>;
  const pattern = language().pattern(key, parameters.count);
  const parts: unknown[] = [];
  let end = 0;
  for (const match of pattern.matchAll(PARTS)) {
    const [all, name, code] = match;
    parts.push(pattern.slice(end, match.index), name ? shown(parameters[name]) : html`<code>${code}</code>`);
    end = match.index + all.length;
  }
  return html`${parts}${pattern.slice(end)}`;
}
