import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../lib/config/resolve-options.js';
import { AddressPolicy } from '../../lib/domain/address-policy.js';
import type { AllowedHost } from '../../lib/domain/allowed-hosts.js';
import { judgeUrl } from '../../lib/domain/webhook-url.js';

const policyOf = (...allowedHosts: AllowedHost[]): AddressPolicy =>
  new AddressPolicy({ allowHttp: false, allowPrivateNetworks: false, allowedAddresses: [], allowedHosts });
const takes = (policy: AddressPolicy, host: string): boolean => judgeUrl(`https://${host}/`, policy).ok;

describe('network.allowedHosts', () => {
  it('allows names that are not public, in any case, with a trailing dot or without', () => {
    const policy = policyOf('Receiver.default.svc.', '*.corp.internal');
    for (const host of [
      'receiver.default.svc',
      'RECEIVER.default.svc.',
      'a.corp.internal',
      'a.b.corp.internal',
    ]) {
      expect([host, takes(policy, host)]).toEqual([host, true]);
    }
    for (const host of [
      'receiver.other.svc.cluster.local',
      'corp.internal',
      'acorp.internal',
      'a.corp.internal.local',
    ]) {
      expect([host, takes(policy, host)]).toEqual([host, false]);
    }
  });

  it('never allows a metadata service, by its name or its address', () => {
    const policy = policyOf('*.internal', { host: '*.google.internal', addresses: ['169.254.0.0/16'] });
    expect(takes(policy, 'metadata.google.internal')).toBe(false);
    expect(policy.judge('169.254.169.254', 'x.google.internal').allowed).toBe(false);
  });

  it('lets a name lead to its own addresses, and no other name', () => {
    const policy = policyOf('plain.corp', { host: '*.corp', addresses: ['10.96.0.0/12', 'fd00::/8'] });
    expect(policy.judge('10.96.1.2', 'plain.corp').allowed).toBe(true);
    expect(policy.judge('fd00::1', 'A.corp.').allowed).toBe(true);
    expect(policy.judge('10.1.1.1', 'a.corp').allowed).toBe(false);
    expect(policy.judge('10.96.1.2', 'a.example.com').allowed).toBe(false);
    expect(policy.judge('10.96.1.2').allowed).toBe(false);
    expect(policyOf('plain.corp').judge('10.96.1.2', 'plain.corp').allowed).toBe(false);
  });

  it.each([
    ['*', 'network.allowedHosts[0]'],
    ['a.*.corp', 'network.allowedHosts[0]'],
    ['10.1.2.3', 'network.allowedHosts[0]'],
    ['https://a.corp', 'network.allowedHosts[0]'],
    [42, 'network.allowedHosts[0].host'],
    [{ host: 'a.corp', addresses: '10.0.0.0/8' }, 'network.allowedHosts[0].addresses'],
    [{ host: 'a.corp', addresses: ['10.0.0.1/8'] }, 'network.allowedHosts[0].addresses[0]'],
    [{ host: '', addresses: [] }, 'network.allowedHosts[0].host'],
  ])('refuses %j, and names it', (entry, option) => {
    expect(() => resolveOptions({ network: { allowedHosts: [entry as AllowedHost] } })).toThrow(option);
  });
});
