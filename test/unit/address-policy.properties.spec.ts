import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressPolicy, type NetworkRules } from '../../lib/domain/address-policy.js';
import { ipv4, ipv6, ipv6Spelling } from '../support/address-arbitraries.js';
import {
  dotted,
  EMBEDDING_IPV4,
  hex8,
  isAllowed,
  kindsOfIpv4,
  kindsOfIpv6,
  SPECIAL_IPV4,
  SPECIAL_IPV6,
  toInteger,
} from '../support/special-addresses.js';

const policy = (rules: Partial<NetworkRules> = {}): AddressPolicy =>
  new AddressPolicy({ allowHttp: false, allowPrivateNetworks: false, allowedAddresses: [], ...rules });
const strict = policy();
const local = policy({ allowPrivateNetworks: true });
const everything = policy({ allowPrivateNetworks: true, allowedAddresses: ['0.0.0.0/0', '::/0'] });

const colons = (digits: string): string => digits.replaceAll(/(.{4})(?!$)/g, '$1:');
const runs = { numRuns: 2_000 };

describe('Against the registries, the address policy', () => {
  it('judges any IPv4 address as its block says', () => {
    fc.assert(
      fc.property(ipv4(), (value) => {
        const address = dotted(value);
        expect(strict.judge(address).allowed).toBe(isAllowed(kindsOfIpv4(value)));
        expect(local.judge(address).allowed).toBe(isAllowed(kindsOfIpv4(value), true));
      }),
      runs,
    );
  });

  it('judges any IPv6 address as its block says, however it is spelled', () => {
    const spelled = ipv6().chain((digits) => fc.tuple(fc.constant(digits), ipv6Spelling(digits)));
    fc.assert(
      fc.property(spelled, ([digits, address]) => {
        expect(strict.judge(address).allowed).toBe(isAllowed(kindsOfIpv6(digits)));
        expect(local.judge(address)).toEqual(local.judge(colons(digits)));
        expect(local.judge(address).allowed).toBe(isAllowed(kindsOfIpv6(digits), true));
      }),
      runs,
    );
  });

  it.each(SPECIAL_IPV4)('refuses the first and the last address of $first–$last, $name', (block) => {
    const [first, last] = [toInteger(block.first), toInteger(block.last)];
    for (const value of [first, Math.floor((first + last) / 2), last]) {
      expect(strict.judge(dotted(value)).allowed, dotted(value)).toBe(false);
    }
    for (const value of [first - 1, last + 1].filter((next) => next >= 0 && next < 2 ** 32)) {
      expect(strict.judge(dotted(value)).allowed, dotted(value)).toBe(kindsOfIpv4(value).length === 0);
    }
  });

  it.each(SPECIAL_IPV6)('refuses the first and the last address of $first–$last, $name', (block) => {
    const [first, last] = [block.first.padEnd(32, '0'), block.last.padEnd(32, 'f')];
    for (const digits of [first, last].filter((edge) => !isEmbedding(edge))) {
      expect(strict.judge(colons(digits)).allowed, digits).toBe(false);
    }
    for (const value of [BigInt(`0x${first}`) - 1n, BigInt(`0x${last}`) + 1n]) {
      const digits = value.toString(16).padStart(32, '0');
      if (value < 0n || digits.length > 32) continue;
      expect(strict.judge(colons(digits)).allowed, digits).toBe(isAllowed(kindsOfIpv6(digits)));
    }
  });

  it.each(Object.entries(EMBEDDING_IPV4))('judges a %s IPv4 address as that address', (_, prefix) => {
    fc.assert(
      fc.property(ipv4(), (value) => {
        for (const judge of [strict, local, everything]) {
          expect(judge.judge(colons(prefix + hex8(value)))).toEqual(judge.judge(dotted(value)));
        }
      }),
    );
  });

  it.each<[string, (inner: string) => string]>([
    ['IPv4-compatible', (inner) => `${'0'.repeat(24)}${inner}`],
    ['IPv4-translated', (inner) => `${'0'.repeat(16)}ffff0000${inner}`],
    ['locally translated', (inner) => `0064ff9b0001${'0'.repeat(12)}${inner}`],
    ['6to4', (inner) => `2002${inner}${'0'.repeat(20)}`],
    ['Teredo', (inner) => `20010000${inner}0000ffff${inner}`],
  ])('refuses the %s form even of a public IPv4 address, private networks or not', (_, embed) => {
    fc.assert(
      fc.property(ipv4(), (value) => {
        const address = colons(embed(hex8(value)));
        // ::1 is loopback before it is 0.0.0.1.
        fc.pre(!/^(0000:){7}0001$/.test(address));
        expect(strict.judge(address).allowed).toBe(false);
        expect(local.judge(address).allowed).toBe(false);
      }),
    );
  });

  it('refuses what a cloud answers with credentials, even where every address is allowed', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4().map(dotted), ipv6().map(colons)), (address) => {
        const kinds = address.includes('.')
          ? kindsOfIpv4(toInteger(address))
          : kindsOfIpv6(address.replaceAll(':', ''));
        expect(everything.judge(address).allowed).toBe(!kinds.includes('metadata'));
      }),
      runs,
    );
  });
});

describe('The address policy', () => {
  it('refuses any other text, and never throws', () => {
    const near = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdefx.:%/[] ') }),
      fc.tuple(ipv4(), fc.nat({ max: 33 })).map(([value, prefix]) => `${dotted(value)}/${prefix}`),
    );
    fc.assert(
      fc.property(near, (text) => {
        fc.pre(!/^[\d.]+$|^[\da-f:.]+$/i.test(text));
        expect(everything.judge(text)).toEqual({ allowed: false, reason: 'not-an-address' });
      }),
      runs,
    );
  });

  it('refuses an address with a zone, whose meaning depends on the machine', () => {
    fc.assert(
      fc.property(ipv6(), fc.constantFrom('eth0', '1', 'lo', '25eth0'), (digits, zone) => {
        expect(everything.judge(`${colons(digits)}%${zone}`).allowed).toBe(false);
      }),
    );
  });

  it('reads a block as what its first and its last address enclose', () => {
    fc.assert(
      fc.property(ipv4(), fc.nat({ max: 31 }), ipv4(), (start, prefix, value) => {
        const size = 2 ** (32 - prefix);
        const first = Math.floor(start / size) * size;
        const listed = policy({ allowedAddresses: [`${dotted(first)}/${prefix}`] });
        const inside = value >= first && value < first + size;
        const kinds = kindsOfIpv4(value);
        expect(listed.judge(dotted(value)).allowed).toBe(
          isAllowed(kinds) || (inside && !kinds.includes('metadata')),
        );
      }),
      runs,
    );
  });
});

function isEmbedding(digits: string): boolean {
  return Object.values(EMBEDDING_IPV4).some((prefix) => digits.startsWith(prefix));
}
