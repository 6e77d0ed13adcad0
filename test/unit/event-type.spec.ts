import { describe, expect, it } from 'vitest';
import {
  groupOf,
  isEventType,
  isEventTypePattern,
  MAX_EVENT_TYPE_LENGTH,
  patternsOf,
} from '../../lib/domain/event-type.js';

const LONGEST = `a.${'b'.repeat(MAX_EVENT_TYPE_LENGTH - 2)}`;
const TYPES = [
  'post.published',
  'analytics.daily_summary',
  'a.b',
  'order2.item_3',
  'a.b.c.d',
  '1.2',
  LONGEST,
];
const NOT_TYPES = [
  '',
  'post',
  'Post.published',
  'post.Published',
  'post-office.opened',
  'post.',
  '.post',
  'post..published',
  '_post.published',
  'post_.published',
  'post.daily__summary',
  'post published',
  ' post.published',
  'post.published\n',
  'post.*.published',
  '*.published',
  'pöst.published',
  '__proto__.x',
  `${LONGEST}b`,
  null,
  undefined,
  7,
  ['post.published'],
];

describe('isEventType', () => {
  it.each(TYPES)('accepts %.40s', (type) => {
    expect(isEventType(type)).toBe(true);
  });

  it.each([...NOT_TYPES, '*', 'post.*'])('refuses %j', (type) => {
    expect(isEventType(type)).toBe(false);
  });

  it('answers a long hostile input at once', () => {
    const startedAt = performance.now();
    expect(isEventType(`${'a_'.repeat(50_000)}!`)).toBe(false);
    expect(isEventTypePattern(`${'a_'.repeat(50_000)}!`)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('isEventTypePattern', () => {
  it.each([...TYPES, '*', 'post.*', 'order2.*'])('accepts %.40s', (pattern) => {
    expect(isEventTypePattern(pattern)).toBe(true);
  });

  it.each([...NOT_TYPES, '**', '.*', 'post*', 'post.**', 'a.b.*', 'post.pub*'])('refuses %j', (pattern) => {
    expect(isEventTypePattern(pattern)).toBe(false);
  });
});

describe('patternsOf', () => {
  it('names the type, its group and everything', () => {
    expect(patternsOf('post.published')).toEqual(['post.published', 'post.*', '*']);
  });

  it('takes the first segment for the group', () => {
    expect(groupOf('order.item.added')).toBe('order');
    expect(patternsOf('order.item.added')).toEqual(['order.item.added', 'order.*', '*']);
  });

  it('gives patterns that an endpoint can ask for', () => {
    for (const type of TYPES) expect(patternsOf(type).every(isEventTypePattern), type).toBe(true);
  });
});
