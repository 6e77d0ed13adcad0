import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../lib/dashboard/element/parts/advice.js';
import { errorWords } from '../../lib/dashboard/element/parts/response.js';
import type { Text } from '../../lib/dashboard/element/texts/catalogue.js';
import { de } from '../../lib/dashboard/element/texts/de.js';
import { english } from '../../lib/dashboard/element/texts/english.js';
import { Language, speak } from '../../lib/dashboard/element/texts/language.js';
import { operatorGerman } from '../../lib/dashboard/element/texts/operator.de.js';
import { t } from '../../lib/dashboard/element/texts/t.js';
import type { SendErrorCode } from '../../lib/delivery/send-error.js';
import { WEBHOOK_ACTS } from '../../lib/domain/audit.js';
import { ATTENTION, WAITING } from '../../lib/operation/operator/sentences.js';
import { ENGLISH } from '../../lib/reference/words.js';

const ELEMENT = new URL('../../lib/dashboard/element/', import.meta.url);

const formsOf = (text: Text): Readonly<Record<string, string>> =>
  typeof text === 'string' ? { other: text } : text;
const parametersOf = (text: string): string[] =>
  [...new Set(text.match(/\[[^\]]*\{\w+\}|\{\w+\}/g)?.map((one) => one.replace(/^\[.*\{/, '[{')))].sort();
const codeOf = (text: string): string[] => (text.match(/`[^`]*`/g) ?? []).sort();

describe('the texts of the dashboard', () => {
  it('are all there in German, with the same forms, parameters and code', () => {
    const shapeOf = (texts: Readonly<Record<string, Text>>): unknown =>
      Object.entries(texts)
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([key, text]) => [
          key,
          ...Object.entries(formsOf(text)).map(([form, words]) => [form, parametersOf(words), codeOf(words)]),
        ]);

    expect(shapeOf({ ...de, ...operatorGerman })).toEqual(shapeOf(english));
  });

  it('say of fields in English what the guide says of them', () => {
    const said = Object.entries(english).filter(([key]) => key.startsWith('constraint.'));

    expect(Object.fromEntries(said.map(([key, text]) => [key.replace('constraint.', ''), text]))).toEqual(
      ENGLISH,
    );
  });

  it('say what the operators’ routes say, and name each act', () => {
    const under = (prefix: string): Readonly<Record<string, Text>> =>
      Object.fromEntries(
        Object.entries(english)
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, text]) => [key.slice(prefix.length), text]),
      );

    expect(under('ops.waits.')).toEqual(WAITING);
    expect(under('ops.attends.')).toEqual(ATTENTION);
    expect(Object.keys(under('ops.waiting.')).sort()).toEqual(Object.keys(WAITING).sort());
    expect(Object.keys(under('ops.acted.')).sort()).toEqual([...WEBHOOK_ACTS].sort());
  });

  it('name each error of an attempt, and say what to do about it', () => {
    const codes: Readonly<Record<Exclude<SendErrorCode, 'unsent'>, true>> = {
      timeout: true,
      dns: true,
      connection: true,
      tls: true,
      proxy: true,
      authorization: true,
      'refused-destination': true,
      'invalid-response': true,
      interrupted: true,
      'representation-failed': true,
      'signing-failed': true,
    };
    const adviceOn = (code: string): string | undefined =>
      adviceFor(
        { outcome: 'failed', statusCode: null, error: { code, message: 'It failed.' } },
        { url: 'https://example.com', timeoutMs: 15_000 },
      )?.advice;

    for (const code of Object.keys(codes)) {
      expect(errorWords(code)).not.toBe(code);
      expect(adviceOn(code), code).not.toBe(t('advice.see-response'));
    }
  });

  it('are all used', () => {
    const sources = readdirSync(ELEMENT, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/texts\/([a-z]+\.)?(en|de)\.ts$/.test(name))
      .map((name) => readFileSync(new URL(name, ELEMENT), 'utf8'))
      .join('\n');
    /** `log.` and `.do` of `log.${name}.do`. */
    const made = [...sources.matchAll(/`([a-z][\w-]*\.(?:[\w-]+\.)*)\$\{[^}]*\}([\w.-]*)`/g)];
    const isUsed = (key: string): boolean =>
      sources.includes(`'${key}'`) ||
      made.some(([, start = '', end = '']) => key.startsWith(start) && key.endsWith(end));

    expect(Object.keys(english).filter((key) => !isUsed(key))).toEqual([]);
  });

  it('have the form that a language needs for a number, and fall back to English', () => {
    const polish = {
      deliveries: { one: '{count} dostawa', few: '{count} dostawy', other: '{count} dostaw' },
    };
    speak(new Language('pl', [polish]));

    expect([1, 3, 5, 12_345].map((count) => t('deliveries', { count }))).toEqual([
      '1 dostawa',
      '3 dostawy',
      '5 dostaw',
      '12\u00a0345 dostaw',
    ]);
    expect(t('recover.heading')).toBe('Recover missed events');
    expect(t('selection.resent', { count: 1 })).toBe('1 delivery resent.');
  });

  it('keep what a parameter holds as it is', () => {
    speak(new Language('en'));

    expect(t('list.switch', { name: '{count} `code` $& $1' })).toBe('{count} `code` $& $1 is active');
  });
});
