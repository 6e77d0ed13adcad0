import { describe, expect, it } from 'vitest';
import { AddressPolicy, type NetworkRules } from '../../lib/domain/address-policy.js';
import { InvalidWebhooksOptionError } from '../../lib/domain/webhooks.error.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

const policy = (rules: Partial<NetworkRules> = {}): AddressPolicy =>
  new AddressPolicy({ allowHttp: false, allowPrivateNetworks: false, allowedAddresses: [], ...rules });

const mapped = (ipv4: string): string[] => [`::ffff:${ipv4}`, `0:0:0:0:0:ffff:${ipv4}`, `64:ff9b::${ipv4}`];

const PUBLIC = [
  ...words(`
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
    169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255
    192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0
    223.255.255.255 168.63.129.15 168.63.129.17 192.88.98.255 2606:4700:4700::1111 2001:4860:4860::8888
    2a00:1450:4001:81b::200e 2001:200:: 2001:db7::1 2001:db9::1 2003::1 2001:ffff:: 3ffe::1 3fff:1000::
    2620:4f:7fff::1 2620:4f:8001::1 ::ffff:808:808 64:ff9b::808:808
  `),
  // Resolvers and networks that webhooks are received in: Cloudflare, Google, Quad9, OpenDNS, AWS, Azure, Fastly, GitHub, Hetzner, OVH.
  ...words(`
    1.0.0.1 8.8.4.4 9.9.9.9 208.67.222.222 104.16.132.229 172.67.1.1 172.217.16.142 34.107.221.82 3.5.140.2
    52.95.110.1 100.20.0.1 20.112.52.29 13.107.42.14 151.101.1.140 140.82.112.3 185.199.108.153 192.30.252.1
    192.229.173.16 198.41.0.4 199.7.83.42 203.0.112.1 116.203.0.1 51.38.0.1 169.45.0.1 223.5.5.5
    2606:4700:4700::1001 2001:4860:4860::8844 2620:fe::fe 2620:119:35::35 2600:9000::1 2603:1030::1 2a04:4e42::649
    2a01:4f8::1 2a05:d000::1 2400:cb00::1 2404:6800:4004::200e 2800:3f0::1 2c0f:fb50::1
  `),
  // Next to the special blocks.
  ...words(`
    1.0.0.0 192.31.195.255 192.31.197.0 192.52.192.255 192.52.194.0 192.88.100.0 192.175.47.255
    192.175.49.0 2000:: 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2003:: 2620:4f:7fff:ffff:ffff:ffff:ffff:ffff
    3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
  `),
  ...mapped('8.8.8.8'),
];

const PRIVATE = [
  ...words(`
    10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.0.0.1 127.255.255.255 169.254.0.0
    169.254.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 ::1 0:0:0:0:0:0:0:1 fc00::
    fd12:3456:789a::1 fdff:ffff:: fe80::1 febf:ffff::1 ::ffff:7f00:1 ::FFFF:7F00:1 64:ff9b::7f00:1
  `),
  ...mapped('127.0.0.1'),
  ...mapped('10.1.2.3'),
];

const SPECIAL = [
  ...words(`
    0.0.0.0 0.255.255.255 192.0.0.0 192.0.0.9 192.0.0.255 192.0.2.1 192.31.196.1 192.52.193.1
    192.88.99.1 192.175.48.1 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255 :: ::2 ::8.8.8.8 ::127.0.0.1 ::ffff:0:8.8.8.8
    ::ffff:0:127.0.0.1 ::fffe:7f00:1 100::1 64:ff9b:1::8.8.8.8 64:ff9b:1::7f00:1 64:ff9b::1:808:808
    64:ff9a::1 1fff:ffff::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1
    2001:20::1 2001:1ff::1 2001:db8::1 2002::1 2002:808:808::1 2002:7f00:1:: 2620:4f:8000::1 3fff::1
    3fff:fff::1 4000::1 5f00::1 8000::1 fec0::1 feff::1 ff00::1 ff02::1 ffff::1
  `),
  ...mapped('0.0.0.0'),
  ...mapped('224.0.0.1'),
  ...mapped('255.255.255.255'),
];

const METADATA = words(`
    169.254.169.254 169.254.169.252 169.254.170.2 169.254.170.23 168.63.129.16 100.100.100.200
    192.0.0.192 169.254.0.23 169.254.42.42 100.96.0.96
  `).flatMap((ipv4) => [ipv4, ...mapped(ipv4)]);
METADATA.push('fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:42::42', 'fe80::a9fe:a9fe');
METADATA.push(
  'fd00:c1::a9fe:a9fe',
  'fd00:a9fe:a9fe::1',
  'fd00:100::100:200',
  'fd00:ec2::253',
  'fd00:ec2:1::1',
);
METADATA.push('::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', 'FD00:EC2:0:0:0:0:0:254');

const NOT_ADDRESSES = [
  ...words(`
    localhost example.com 127.1 2130706433 0x7f.0.0.1 0177.0.0.1 127.0.0.1. 8.8.8.8/32 8.8.8.8:443
    [::1] [2606:4700:4700::1111] 2606:4700:4700::1111%eth0 fe80::1%eth0 fe80::1% 1:2:3 ::: 256.1.1.1
    1.2.3 1.2.3.4.5 2606:4700:4700::11111
  `),
  '',
  ' 127.0.0.1',
  '8.8.8.8 ',
];

describe('address policy', () => {
  it.each(PUBLIC)('allows the public address %s', (address) => {
    expect(policy().judge(address)).toEqual({ allowed: true });
  });

  it.each(PRIVATE)('refuses the private address %s', (address) => {
    expect(policy().judge(address)).toEqual({ allowed: false, reason: 'private' });
  });

  it.each(PRIVATE)('allows %s where private networks are allowed', (address) => {
    expect(policy({ allowPrivateNetworks: true }).judge(address)).toEqual({ allowed: true });
  });

  it.each(SPECIAL)('refuses the special-purpose address %s, private networks or not', (address) => {
    for (const allowPrivateNetworks of [false, true]) {
      expect(policy({ allowPrivateNetworks }).judge(address)).toEqual({
        allowed: false,
        reason: 'special-purpose',
      });
    }
  });

  it.each(METADATA)('refuses the metadata address %s whatever is allowed', (address) => {
    const open = policy({ allowPrivateNetworks: true, allowedAddresses: ['0.0.0.0/0', '::/0'] });
    expect(policy().judge(address)).toEqual({ allowed: false, reason: 'metadata' });
    expect(open.judge(address)).toEqual({ allowed: false, reason: 'metadata' });
  });

  it.each(NOT_ADDRESSES)('refuses %j, which is not an address', (address) => {
    const open = policy({ allowPrivateNetworks: true, allowedAddresses: ['0.0.0.0/0', '::/0'] });
    expect(open.judge(address)).toEqual({ allowed: false, reason: 'not-an-address' });
  });
});

describe('allowed addresses', () => {
  it('allows a single address and its embedded spellings, and not its neighbours', () => {
    const exact = policy({ allowedAddresses: ['10.1.2.3', 'fd00::5'] });
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3', 'fd00::5', 'FD00:0::0005']) {
      expect(exact.judge(address).allowed, address).toBe(true);
    }
    for (const address of ['10.1.2.2', '10.1.2.4', '::ffff:10.1.2.4', 'fd00::4', 'fd00::6']) {
      expect(exact.judge(address).allowed, address).toBe(false);
    }
  });

  it('takes an entry in an embedded spelling for that spelling', () => {
    const exact = policy({ allowedAddresses: ['::ffff:10.1.2.3'] });
    expect(exact.judge('::ffff:10.1.2.3').allowed).toBe(true);
    expect(exact.judge('10.1.2.3').allowed).toBe(false);
  });

  it('allows a block from its first to its last address', () => {
    const block = policy({ allowedAddresses: ['10.1.64.0/18', 'fd00:1::/33'] });
    for (const address of ['10.1.64.0', '10.1.127.255', 'fd00:1::', 'fd00:1:7fff:ffff::1']) {
      expect(block.judge(address).allowed, address).toBe(true);
    }
    for (const address of ['10.1.63.255', '10.1.128.0', 'fd00:0:ffff::', 'fd00:1:8000::']) {
      expect(block.judge(address).allowed, address).toBe(false);
    }
  });

  it.each([
    ...words(`
    localhost 10.0.0.0/33 10.0.0.0/-1 10.0.0.0/ 10.0.0.0/08 10.0.0.0/8/8 10.0.0.1/8 fd00::/129
    fd00::1/64 fe80::1%eth0 10.0.0 10.*
  `),
    '',
    ' 10.0.0.1',
    '10.0.0.0/8 ',
  ])('does not start with %j in the list, and says which entry it is', (entry) => {
    const create = (): AddressPolicy => policy({ allowedAddresses: ['127.0.0.1', entry] });
    expect(create).toThrow(InvalidWebhooksOptionError);
    expect(create).toThrow(/^network\.allowedAddresses\[1\] must be .* got /);
    expect(create).toThrow(JSON.stringify(entry));
  });

  it.each([
    '169.254.169.254',
    '169.254.169.254/32',
    '::ffff:169.254.169.254',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:a9fe:a9fe::1',
    'fd00:100::100:200',
  ])('does not start with the metadata address %s in the list', (entry) => {
    expect(() => policy({ allowedAddresses: [entry] })).toThrow(
      /allowedAddresses\[0\] is a cloud metadata address/,
    );
  });
});
