import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressPolicy } from '../../lib/domain/address-policy.js';
import { judgeUrl, type UrlRefusal } from '../../lib/domain/webhook-url.js';
import { disguised, ipv4, ipv4Spelling, ipv6, ipv6Spelling } from '../support/address-arbitraries.js';
import { dotted, isAllowed, kindsOfIpv4, kindsOfIpv6 } from '../support/special-addresses.js';

const strict = new AddressPolicy({ allowHttp: false, allowPrivateNetworks: false, allowedAddresses: [] });

const reasonOf = (input: unknown): UrlRefusal | 'accepted' => {
  const verdict = judgeUrl(input, strict);
  return verdict.ok ? 'accepted' : verdict.reason;
};

const runs = { numRuns: 2_000 };
const paired = <T>(values: fc.Arbitrary<T>, spelling: (value: T) => fc.Arbitrary<string>) =>
  values.chain((value) => fc.tuple(fc.constant(value), spelling(value)));

/** Texts that come near a URL: its parts in any order, with what parsers disagree about between them. */
const nearUrl = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'https:',
          'HTTPS:',
          'http:',
          '//',
          '\\\\',
          '/',
          '\\',
          '@',
          ':',
          '#',
          '?',
          '.',
          '%',
          '..',
        ),
        fc.constantFrom(
          'example.com',
          '8.8.8.8',
          '127.0.0.1',
          '[::1]',
          '[2606:4700::1]',
          'localhost',
          ':8443',
        ),
        fc.constantFrom(
          '%00',
          '%0a',
          '%2e',
          '%40',
          '%25',
          '\u00ad',
          '。',
          '①',
          'ß',
          '\ud800',
          'xn--',
          '\t',
          '\0',
        ),
        paired(ipv4(), ipv4Spelling).map(([, text]) => text),
        fc.string({ unit: 'binary', maxLength: 6 }),
      ),
      { maxLength: 8 },
    )
    .chain((parts) =>
      fc.constantFrom(parts.join(''), `https://${parts.join('')}`, `https://a.com${parts.join('')}`),
    );

describe('A webhook URL', () => {
  it('with any IPv4 address, in any spelling of it, is judged as the dotted one', () => {
    fc.assert(
      fc.property(paired(ipv4(), ipv4Spelling), ([value, host]) => {
        const verdict = judgeUrl(`https://${host}/hook`, strict);
        expect(verdict.ok ? verdict.url.hostname : verdict.reason).toBe(
          isAllowed(kindsOfIpv4(value)) ? dotted(value) : 'address',
        );
      }),
      runs,
    );
  });

  it('with any IPv6 address, in any spelling of it, is judged as its block says', () => {
    fc.assert(
      fc.property(paired(ipv6(), ipv6Spelling), ([digits, address]) => {
        expect(reasonOf(`https://[${address}]:8443/hook`)).toBe(
          isAllowed(kindsOfIpv6(digits)) ? 'accepted' : 'address',
        );
      }),
      runs,
    );
  });

  it('with a zone in its address is refused', () => {
    fc.assert(
      fc.property(
        paired(ipv6(), ipv6Spelling),
        fc.constantFrom('%25eth0', '%eth0', '%251'),
        ([, address], zone) => {
          expect(reasonOf(`https://[${address}${zone}]/`)).toBe('not-a-url');
        },
      ),
    );
  });

  it('with a local name is refused, whatever look-alikes and invisible characters it is written in', () => {
    const names = fc.constantFrom(
      'localhost',
      'a.localhost',
      'localhost.localdomain',
      'printer.local',
      'vault.internal',
      'redis',
      'router.home.arpa',
      'api.default.svc.cluster.local',
      'metadata.google.internal',
      'metadata.goog',
    );
    fc.assert(
      fc.property(paired(names, disguised), ([, host]) => {
        expect(reasonOf(`https://${host}/hook`)).toBe('local-name');
      }),
      runs,
    );
  });

  it('with a user name or a password is refused, wherever a parser could find one', () => {
    const userinfo = fc
      .string({ unit: fc.constantFrom(...'ab:@.%40[]127') })
      .filter((text) => !['', ':'].includes(text) && !/%(?!40)/.test(text));
    fc.assert(
      fc.property(userinfo, (text) => {
        expect(reasonOf(`https://${text}@example.com/`)).toBe('credentials');
        expect(['credentials', 'not-a-url']).toContain(
          reasonOf(`https://example.com:443@${text}@example.com/`),
        );
      }),
    );
  });

  it('with a control character anywhere is refused', () => {
    const controls = [
      ...Array.from({ length: 32 }, (_, n) => n),
      ...Array.from({ length: 33 }, (_, n) => 127 + n),
    ];
    const url = 'https://example.com:8443/hook?a=b';
    fc.assert(
      fc.property(fc.constantFrom(...controls), fc.nat({ max: url.length }), (code, at) => {
        const text = url.slice(0, at) + String.fromCharCode(code) + url.slice(at);
        expect(reasonOf(text)).toBe('control-character');
      }),
      runs,
    );
  });

  it('is judged without an exception, whatever it is, and the answer repeats nothing of its path', () => {
    const texts = fc.oneof(nearUrl(), fc.string({ unit: 'binary' }), fc.webUrl(), fc.anything());
    fc.assert(
      fc.property(texts, (input) => {
        const verdict = judgeUrl(typeof input === 'string' ? `${input}/SECRET` : input, strict);
        expect(verdict.ok ? '' : verdict.message).not.toContain('SECRET');
      }),
      runs,
    );
  });

  it('that is accepted means the same to every later parser: https, this host, nobody’s credentials', () => {
    const texts = fc.oneof(
      nearUrl(),
      fc.webUrl({ withQueryParameters: true, authoritySettings: { withPort: true } }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(texts, (input) => {
        const verdict = judgeUrl(input, strict);
        if (!verdict.ok) return;
        accepted += 1;
        const again = new URL(verdict.url.href);
        const { href, host, hostname, protocol, username, password, hash } = again;
        expect({ href, host }).toEqual({ href: verdict.url.href, host: verdict.url.host });
        expect({ protocol, username, password, hash }).toEqual({
          protocol: 'https:',
          username: '',
          password: '',
          hash: '',
        });
        expect(href).toMatch(/^https:\/\/(\[[\da-f:]+\]|[\da-z._-]+)(:\d+)?\/[^\s#\p{Cc}]*$/u);
        const address = hostname.replaceAll(/^\[|\]$/g, '');
        if (isIP(address) !== 0) expect(strict.judge(address).allowed).toBe(true);
        expect(judgeUrl(href, strict)).toEqual({ ok: true, url: again });
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
