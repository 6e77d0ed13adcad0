import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../lib/config/difference.js';

class AuthGuard {}
const tenant = (): string => 'acme';
const options = (): Record<string, unknown> => ({
  events: { 'post.published': { on: ['a', { on: 'b' }] } },
  api: { guards: [AuthGuard], tenant },
  retry: { schedule: ['1m', '5m'] },
});

describe('Where two sets of options differ', () => {
  it('is nowhere, for equal values in different objects', () => {
    expect(differenceOf(options(), options())).toBeUndefined();
    expect(differenceOf({ redis: undefined }, {})).toBeUndefined();
    expect(differenceOf({ n: Number.NaN }, { n: Number.NaN })).toBeUndefined();
  });

  it.each<[path: string, change: object]>([
    ['worker', { worker: false }],
    ['retry', { retry: undefined }],
    ['retry.schedule[1]', { retry: { schedule: ['1m', '6m'] } }],
    ['retry.schedule[2]', { retry: { schedule: ['1m', '5m', '6m'] } }],
    ['retry.schedule', { retry: { schedule: { 0: '1m', 1: '5m' } } }],
    ["events['post.published'].on[1].on", { events: { 'post.published': { on: ['a', { on: 'c' }] } } }],
    ['api.tenant', { api: { guards: [AuthGuard], tenant: (): string => 'acme' } }],
    ['api.guards[0]', { api: { guards: [new AuthGuard()], tenant } }],
  ])('is %s', (path, change) => {
    expect(differenceOf(options(), { ...options(), ...change })).toBe(path);
    expect(differenceOf({ ...options(), ...change }, options())).toBe(path);
  });

  it('is at two different instances of a class, since their private state is not visible', () => {
    const guard = new AuthGuard();
    expect(differenceOf([guard], [guard])).toBeUndefined();
    expect(differenceOf([guard], [new AuthGuard()])).toBe('options[0]');
  });

  it('is found in objects that contain themselves', () => {
    const ring = (): Record<string, unknown> => {
      const object: Record<string, unknown> = {};
      return Object.assign(object, { object });
    };
    expect(differenceOf(ring(), ring())).toMatch(/^object\.object/);
  });
});
