import { describe, expect, it } from 'vitest';
import {
  liveSecrets,
  newSecretValue,
  rotateSecrets,
  standardKey,
  type WebhookSecret,
} from '../../lib/domain/secret.js';

const HOUR = 3_600_000;
const NOW = 1_700_000_000_000;
const first: WebhookSecret = { value: 'first', createdAt: NOW - HOUR, expiresAt: null };

const values = (secrets: readonly WebhookSecret[]): string[] => secrets.map(({ value }) => value);

describe('newSecretValue', () => {
  it('makes whsec_ and the base64 of 32 random bytes', () => {
    expect(newSecretValue()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(standardKey(newSecretValue())).toHaveLength(32);
    expect(new Set(Array.from({ length: 100 }, newSecretValue)).size).toBe(100);
  });
});

describe('standardKey', () => {
  it('decodes the base64 after the prefix, or all of it where there is none', () => {
    const bytes = Buffer.from([0, 1, 254, 255]);
    expect(standardKey(`whsec_${bytes.toString('base64')}`)).toEqual(bytes);
    expect(standardKey(bytes.toString('base64'))).toEqual(bytes);
  });
});

describe('liveSecrets', () => {
  it('gives those that have not expired, newest first', () => {
    const secrets: WebhookSecret[] = [
      { value: 'expired', createdAt: 1, expiresAt: NOW - 1 },
      { value: 'expires now', createdAt: 2, expiresAt: NOW },
      { value: 'expires soon', createdAt: 3, expiresAt: NOW + 1 },
      { value: 'for ever', createdAt: 4, expiresAt: null },
    ];
    expect(values(liveSecrets(secrets, NOW))).toEqual(['for ever', 'expires soon']);
  });

  it('does not sort the list that it was given', () => {
    const secrets: readonly WebhookSecret[] = Object.freeze([
      first,
      { ...first, value: 'newer', createdAt: NOW },
    ]);
    expect(values(liveSecrets(secrets, NOW))).toEqual(['newer', 'first']);
    expect(values(secrets)).toEqual(['first', 'newer']);
  });
});

describe('rotateSecrets', () => {
  it('puts the new secret first, and lets the old one live until the overlap ends', () => {
    const rotated = rotateSecrets([first], 'second', NOW, HOUR);
    expect(rotated).toEqual([
      { value: 'second', createdAt: NOW, expiresAt: null },
      { value: 'first', createdAt: NOW - HOUR, expiresAt: NOW + HOUR },
    ]);
    expect(values(liveSecrets(rotated, NOW + HOUR - 1))).toEqual(['second', 'first']);
    expect(values(liveSecrets(rotated, NOW + HOUR))).toEqual(['second']);
  });

  it('ends the old secret at once with an overlap of 0', () => {
    expect(values(rotateSecrets([first], 'second', NOW, 0))).toEqual(['second']);
  });

  it('never lets a secret live longer than it already had', () => {
    const once = rotateSecrets([first], 'second', NOW, HOUR);
    const twice = rotateSecrets(once, 'third', NOW + 1_000, 24 * HOUR);
    expect(twice.map(({ value, expiresAt }) => [value, expiresAt])).toEqual([
      ['third', null],
      ['second', NOW + 1_000 + 24 * HOUR],
      ['first', NOW + HOUR],
    ]);
  });

  it('drops what has expired', () => {
    const once = rotateSecrets([first], 'second', NOW, HOUR);
    expect(values(rotateSecrets(once, 'third', NOW + 2 * HOUR, HOUR))).toEqual(['third', 'second']);
  });

  it('ends every earlier secret with an overlap of 0, also one that was still overlapping', () => {
    const once = rotateSecrets([first], 'second', NOW, HOUR);
    expect(values(rotateSecrets(once, 'third', NOW + 1_000, 0))).toEqual(['third']);
  });

  it('keeps the newest first when rotations share a millisecond, or the clock was set back', () => {
    const once = rotateSecrets([first], 'second', NOW, HOUR);
    const twice = rotateSecrets(once, 'third', NOW, HOUR);
    const thrice = rotateSecrets(twice, 'fourth', NOW - 10_000, HOUR);
    expect(values(liveSecrets(thrice, NOW))).toEqual(['fourth', 'third', 'second', 'first']);
  });

  it('leaves the secrets that it was given alone', () => {
    const given = Object.freeze([Object.freeze({ ...first })]);
    rotateSecrets(given, 'second', NOW, HOUR);
    expect(given).toEqual([first]);
  });
});
