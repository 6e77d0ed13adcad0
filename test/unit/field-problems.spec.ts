import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_ERROR_CODES } from '../../lib/api/error-codes.js';
import { ApiError } from '../../lib/dashboard/element/api/api-error.js';
import { de } from '../../lib/dashboard/element/texts/de.js';
import { errorText } from '../../lib/dashboard/element/texts/error-texts.js';
import { addEnglish, Language, speak } from '../../lib/dashboard/element/texts/language.js';
import { problemTexts } from '../../lib/dashboard/element/texts/problems.en.js';
import { FIELD_PROBLEMS } from '../../lib/domain/field-problems.js';

const DOCS = readFileSync(new URL('../../docs/reference/rest-api.md', import.meta.url), 'utf8');

const PROBLEMS: Readonly<Record<string, readonly string[]>> = FIELD_PROBLEMS;
const codes = Object.keys(PROBLEMS);
const english = problemTexts as Readonly<Record<string, string>>;
const german = de as Readonly<Record<string, unknown>>;
const valuesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

describe('what can be wrong with a field', () => {
  it('has a text in English and in German for each code, with no value that the code does not have', () => {
    const said = Object.keys(english).filter((key) => key.startsWith('invalid.'));
    expect(said.sort()).toEqual(codes.map((code) => `invalid.${code}`).sort());
    for (const [code, names] of Object.entries(PROBLEMS)) {
      for (const text of [english[`invalid.${code}`], german[`invalid.${code}`]]) {
        expect([code, typeof text]).toEqual([code, 'string']);
        expect([code, valuesIn(String(text)).filter((name) => !names.includes(name))]).toEqual([code, []]);
      }
    }
  });

  it('is listed in the reference with its values', () => {
    const rows = codes.map((code) => [
      code,
      PROBLEMS[code]!.map((name) => `\`${name}\``).join(', '),
      english[`invalid.${code}`],
    ]);
    const section = DOCS.slice(DOCS.indexOf('#### Codes of fields'), DOCS.indexOf('### From your own code'));
    const listed = [...section.matchAll(/^\| `([a-z0-9-]+)` +\| (.*?) *\| (.*?) +\|$/gm)].map((row) =>
      row.slice(1),
    );

    expect(listed).toEqual(rows);
  });
});

describe('why a route refuses a request', () => {
  it.each([
    ['en', {}],
    ['de', de],
  ] as const)('is told in words of our own in %s, for each code', (locale, messages) => {
    addEnglish(problemTexts);
    speak(new Language(locale, [messages]));
    try {
      // The first comes with details, which have codes of their own. The status of the others says it all.
      const others = ['webhooks/invalid-input', 'webhooks/not-found', 'webhooks/too-many-requests'];
      for (const [code, { status }] of Object.entries(WEBHOOK_ERROR_CODES)) {
        if (others.includes(code)) continue;
        const told = errorText(new ApiError('The words of the route.', status, code));
        const unknown = errorText(new ApiError('The words of the route.', status, 'webhooks/else'));
        expect(told).not.toBe('The words of the route.');
        expect([code, told]).not.toEqual([code, unknown]);
      }
    } finally {
      speak(new Language('en'));
    }
  });
});
