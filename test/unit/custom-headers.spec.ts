import { describe, expect, it } from 'vitest';
import { checkCustomHeaders } from '../../lib/domain/custom-headers.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

const OWN = ['X-Acme-Signature', 'webhook-id'];
const fieldsOf = (headers: unknown): string[] => checkCustomHeaders(headers, OWN).map(({ field }) => field);

describe('custom headers', () => {
  it.each([
    ...words(`
    Authorization X-Api-Key x-webhook-token accept X-Request-Source a x-metadata my-metadata
    x-content-id x-host tenant traceparent
  `),
    "!#$%&'*+-.^_`|~09azAZ",
    'a'.repeat(64),
  ])('accepts %s', (name) => {
    expect(checkCustomHeaders({ [name]: 'value' }, OWN)).toEqual([]);
  });

  it('accepts no headers at all, and twenty', () => {
    expect(checkCustomHeaders(undefined, OWN)).toEqual([]);
    expect(checkCustomHeaders({}, OWN)).toEqual([]);
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`x-${n}`, '']));
    expect(fieldsOf(twenty)).toEqual([]);
    expect(fieldsOf({ ...twenty, 'x-20': '' })).toEqual(['headers']);
  });

  it.each(
    words(`
    host content-type content-length content-encoding content-anything transfer-encoding connection
    keep-alive te trailer upgrade expect proxy-authorization proxy-connection cookie set-cookie
    forwarded x-forwarded-for x-forwarded-host x-forwarded-anything via x-real-ip user-agent
    accept-encoding webhook-id webhook-timestamp webhook-signature webhook-anything x-webhook-attempt
    x-acme-signature metadata-flavor metadata metadata-token x-aws-ec2-metadata-token x-metadata-token
    x-aws-ec2-metadata-token-ttl-seconds x-google-metadata-request x-aliyun-ecs-metadata-token
    constructor prototype toString hasOwnProperty valueOf __defineGetter__
  `),
  )('refuses %s in any case', (name) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
      expect(fieldsOf({ [spelling]: 'value' }), spelling).toEqual([`headers.${spelling}`]);
    }
  });

  it('refuses __proto__ as JSON gives it, and leaves the prototypes alone', () => {
    const headers: unknown = JSON.parse('{"__proto__":"value","x-a":"1"}');
    expect(fieldsOf(headers)).toEqual(['headers.__proto__']);
    expect(fieldsOf(JSON.parse('{"__proto__":{"x-b":"1"}}'))).toEqual(['headers.__proto__']);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each([
    '',
    ' ',
    'a b',
    'a:',
    ':path',
    'a\r\nb',
    'a\0',
    'é',
    'a(b)',
    'a/b',
    'a,b',
    'a"b',
    '😀',
    'a\u00ad',
  ])('refuses the name %j, which is not a token', (name) => {
    expect(fieldsOf({ [name]: 'value' })).toHaveLength(1);
  });

  it.each([
    'a\r\nX-Evil: 1',
    'a\nb',
    'a\tb',
    '\0',
    '\u007f',
    'é',
    '😀',
    '\u2028',
    ' a',
    'a ',
    'a'.repeat(1025),
  ])('refuses the value %j', (value) => {
    expect(fieldsOf({ 'x-a': value })).toEqual(['headers.x-a']);
  });

  it.each([1, true, null, undefined, {}, ['a'], () => 'a'])('refuses %s as a value', (value) => {
    expect(fieldsOf({ 'x-a': value })).toEqual(['headers.x-a']);
  });

  it.each([null, 1, 'x-a: 1', true, [], [['x-a', '1']]])('refuses %j as headers', (headers) => {
    expect(checkCustomHeaders(headers, OWN)).toEqual([
      {
        field: 'headers',
        message: 'headers must be an object of header names and values.',
        code: 'not-object',
        params: {},
      },
    ]);
  });

  it('accepts values of up to 1024 printable characters', () => {
    expect(
      fieldsOf({ 'x-a': 'a'.repeat(1024), 'x-b': 'Bearer a.b-c_d~e+f/g=', 'x-c': 'a b "c" \\d' }),
    ).toEqual([]);
  });

  it('refuses a name that is given again in another case, and a name that is too long', () => {
    expect(fieldsOf({ 'X-Token': '1', 'x-token': '2' })).toEqual(['headers.x-token']);
    expect(fieldsOf({ ['a'.repeat(65)]: '1' })).toEqual([`headers.${'a'.repeat(64)}…`]);
  });

  it('names every problem at once, and no value', () => {
    const problems = checkCustomHeaders(
      { host: 'SECRET', 'x-a': 'SECRET\n', 'x-b': 'fine', 'a b': 'SECRET' },
      OWN,
    );
    expect(problems.map(({ field }) => field)).toEqual(['headers.host', 'headers.x-a', 'headers.a b']);
    expect(JSON.stringify(problems)).not.toContain('SECRET');
  });
});
