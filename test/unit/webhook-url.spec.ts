import { describe, expect, it } from 'vitest';
import { AddressPolicy, type NetworkRules } from '../../lib/domain/address-policy.js';
import { judgeUrl, type UrlRefusal } from '../../lib/domain/webhook-url.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

const policy = (rules: Partial<NetworkRules> = {}): AddressPolicy =>
  new AddressPolicy({ allowHttp: false, allowPrivateNetworks: false, allowedAddresses: [], ...rules });
const strict = policy();
const local = policy({ allowHttp: true, allowPrivateNetworks: true });

const reasonOf = (input: unknown, rules = strict): UrlRefusal | 'accepted' => {
  const verdict = judgeUrl(input, rules);
  return verdict.ok ? 'accepted' : verdict.reason;
};

const hex = (n: number): string => n.toString(16);

/** Spellings of one IPv4 address that a URL parser, or a resolver behind it, understands. */
function spellings(ipv4: string): string[] {
  const octets = ipv4.split('.').map(Number) as [number, number, number, number];
  const [a, b, c, d] = octets;
  const value = ((a * 256 + b) * 256 + c) * 256 + d;
  const fullWidth = ipv4.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  return [
    ipv4,
    `${ipv4}.`,
    String(value),
    `0x${hex(value)}`,
    `0X${hex(value).toUpperCase()}`,
    `0${value.toString(8)}`,
    octets.map((octet) => `0x${hex(octet)}`).join('.'),
    octets.map((octet) => `0${octet.toString(8)}`).join('.'),
    octets.map((octet) => `0000${octet.toString(8)}`).join('.'),
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `0x${hex(a)}.0${b.toString(8)}.${c * 256 + d}`,
    fullWidth,
    ipv4.replaceAll('.', '。'),
    ipv4.replaceAll('.', '%2e'),
    ipv4.replaceAll(/\d/g, (digit) => `%3${digit}`),
    `${ipv4.slice(0, 2)}\u00ad${ipv4.slice(2)}`,
    `[::ffff:${ipv4}]`,
    `[0:0:0:0:0:ffff:${ipv4}]`,
    `[::ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
    `[::FFFF:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
    `[64:ff9b::${ipv4}]`,
    `[64:ff9b::${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
    `[::ffff:0:${ipv4}]`,
    `[::${ipv4}]`,
    `[2002:${hex(a * 256 + b)}:${hex(c * 256 + d)}::]`,
    `[64:ff9b:1::${ipv4}]`,
  ];
}

const REFUSED_HOSTS = [
  ...words('127.0.0.1 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0').flatMap(spellings),
  ...words(`
    127.1 127.0.1 0 0x0 ①②⑦.0.0.1 ⑩.0.0.1 224.0.0.1 255.255.255.255 168.63.129.16 198.18.0.1 192.0.2.1
    [::] [::1] [0:0:0:0:0:0:0:1] [0000::0001] [fd00::1] [fe80::1] [fec0::1] [ff02::1] [2001::1] [2001:db8::1]
    [3fff::1] [fd00:ec2::254]
  `),
];

const LOCAL_NAMES = [
  ...words(`
    localhost LOCALHOST LocalHost localhost. a.localhost a.b.localhost. ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ
    %6c%6f%63alhost localhost%2E localhost。 ℒocalhost localhost.localdomain host.localdomain
    printer.local PRINTER.LOCAL. vault.internal a.b.internal. router.home.arpa home.arpa
    api.default.svc.cluster.local local internal intranet redis postgres. com a metadata
    metadata.google.internal instance-data metadata.goog metadata.google.internal.
    METADATA.GOOGLE.INTERNAL metadata.tencentyun.com
  `),
  'loc\u00adalhost',
];

const BAD_NAMES = [
  ...words(`
    example..com .example.com example.com.. .. *.example.com ex!ample.com a,b.example.com
    a'b.example.com a(b).example.com {tenant}.example.com a~b.example.com $host.example.com
  `),
  `${'a'.repeat(64)}.example.com`,
  `${'abcdefg.'.repeat(33)}example.com`,
];

const NOT_URLS = [
  ...words(`
    example.com www.example.com/hook /hook //example.com/hook https:// https: https:/// https://?a
    https://exa%00mple.com https://exa%20mple.com https://a.com:99999 https://a.com:port https://[::1
    https://::1 https://[fe80::1%25eth0] https://[fe80::1%eth0] https://[::ffff:256.0.0.1]
    https://256.1.1.1 https://1.2.3.4.5 https://a.0x1 https://4294967296 https://a<b.com
    https://a|b.com https://a^b.com https://a%2fb.com https://%
  `),
  '',
  'https://exa mple.com',
];

/** Each is taken by the URL parser of one of Node 20, 22 and 24, and refused by that of another. */
const PARSERS_DISAGREE = [
  ...words(`
    xn--a.com xn--.com xn--0.com xn--a-.com xn--zz-.com xn--99999999.com www.xn--a.com XN--A.com xn--a.
    xn--iba0b.com xn--6s3o.com xn--a-ecp.ru xn--l6p7prxn--f.com
    x٠.com xٺ.com 1.ירושלים.com ירושליםabc.com a.0xא.com Ⴝ.com ẞ.com ㅤ.com 𲙋.com %E1%BA%9E.com
  `),
  'a\u2063.com',
  '8.8.8.\u20638',
];

const SCHEMES = words(`
    http://example.com HTTP://example.com ftp://example.com ws://example.com wss://example.com
    file:///etc/passwd data:text/plain,a javascript:alert(1) gopher://example.com blob:https://a.com/b
    mailto:a@example.com about:blank unix:/var/run/docker.sock httpss://example.com localhost:3000
  `);

const PORTS = words(`
  0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123
  135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995
  1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
`);

const ACCEPTED = [
  ...words(`
    https://example.com https://example.com/ https://example.com:443/ https://example.com:8443/hook
    https://hooks.example.co.uk/a/b?c=d&e=f HTTPS://EXAMPLE.COM/Hook https://example.com./hook
    https://bücher.example/hook https://xn--bcher-kva.example/hook https://例え.テスト/
    https://a_b.example.com https://my-app.fly.dev/ https://abc123.ngrok-free.app/hook
    https://1password.com https://a.1a.com https://localhost.example.com https://notlocalhost.com
    https://internal.example.com https://local.com https://127.0.0.1.example.com https://10.example.com
    https://myinternal.com https://thelocal.se https://metadata.example.com https://1.1.1.1/hook
    https://8.8.8.8:8443 https://[2606:4700:4700::1111]/ https://[::ffff:8.8.8.8]/
    https://[64:ff9b::8.8.8.8]/ https://134744072/ https://0x8.8.8.8/ https://example.com:80/
    https://example.com:3000 https://example.com:6379 https://example.com:65535 https://example.com/%00
    https://example.com/%2e%2e/ https://example.com/?u=http://a@b https://example.com/@user
    https://example.com/%23 https://example.com/😀?q=é https://example.com?x
    https://ירושלים.com https://www.ירושלים.co.il https://مثال.إختبار https://xn--mgbh0fb.xn--kgbechtv https://💩.la
    https://xn--ls8h.la https://faß.de https://xn--fa-hia.de https://क्‍ष.com https://한국.kr https://a.xn--p1ai
  `),
  'https://example.com/a b',
];

describe('webhook URL', () => {
  it.each(ACCEPTED)('accepts %s', (url) => {
    expect(judgeUrl(url, strict)).toMatchObject({ ok: true, url: { protocol: 'https:' } });
  });

  it('answers with the spelling that it judged', () => {
    const verdict = judgeUrl('https:\\\\EXAMPLE.com\\..\\hook', strict);
    expect(verdict.ok && verdict.url.href).toBe('https://example.com/hook');
  });

  it.each(REFUSED_HOSTS)('refuses the address https://%s/', (host) => {
    expect(reasonOf(`https://${host}/hook`)).toBe('address');
    expect(reasonOf(`https://${host}:8443`)).toBe('address');
  });

  it.each(LOCAL_NAMES)('refuses the local name https://%s/', (host) => {
    expect(reasonOf(`https://${host}/hook`)).toBe('local-name');
    expect(reasonOf(`https://${host}:8443?q`)).toBe('local-name');
  });

  it.each(BAD_NAMES)('refuses https://%s/, whose host is not a DNS name', (host) => {
    expect(reasonOf(`https://${host}/hook`)).toBe('host-name');
  });

  it.each(NOT_URLS)('refuses %j, which is not a URL', (input) => {
    expect(reasonOf(input)).toBe('not-a-url');
  });

  it.each(PARSERS_DISAGREE)('refuses https://%s/, which not every Node takes for a URL', (host) => {
    expect(reasonOf(`https://${host}/hook`)).toBe('not-a-url');
    expect(reasonOf(`https://${host}:8443`)).toBe('not-a-url');
  });

  it('takes the same hosts, however many it has judged', () => {
    for (let n = 0; n < 20_000; n += 1) {
      if (reasonOf('https://bücher.example') !== 'accepted') expect.fail(`refused after ${n}`);
    }
  });

  it('writes ^ in a path as %5E on every Node', () => {
    const verdict = judgeUrl('https://example.com/a^b/^?c^d', strict);
    expect(verdict.ok && verdict.url.href).toBe('https://example.com/a%5Eb/%5E?c^d');
  });

  it.each([undefined, null, 1, true, {}, [], ['https://example.com'], new URL('https://example.com')])(
    'refuses %j, which is not a string',
    (input) => {
      expect(reasonOf(input)).toBe('not-a-url');
    },
  );

  it.each(SCHEMES)('refuses the scheme of %s', (input) => {
    expect(reasonOf(input)).toBe('scheme');
  });

  it.each(['a@', 'a:b@', ':b@', 'a:@', 'example.com@', 'example.com%40', '127.0.0.1:80@', 'a@b@', '%61@'])(
    'refuses the credentials in https://%s…',
    (userinfo) => {
      const url = `https://${userinfo.endsWith('@') ? userinfo : `${userinfo}@`}evil.example.com/`;
      expect(reasonOf(url)).toBe('credentials');
    },
  );

  it.each([
    'https://example.com#',
    'https://example.com/#a',
    'https://example.com/?q#',
    'https://example.com#@a.com',
  ])('refuses the fragment in %s', (url) => {
    expect(reasonOf(url)).toBe('fragment');
  });

  it.each(PORTS)('refuses port %s', (port) => {
    expect(reasonOf(`https://example.com:${port}/`)).toBe('port');
    expect(reasonOf(`https://8.8.8.8:0${port}`)).toBe('port');
  });

  it('accepts every other port', () => {
    const blocked = new Set(PORTS);
    for (let port = 1; port < 65_536; port += 1) {
      if (!blocked.has(String(port))) expect(reasonOf(`https://example.com:${port}/`)).toBe('accepted');
    }
  });

  it.each(['\t', '\n', '\r', '\0', '\u0001', '\u001b', '\u007f', '\u0085', '\u009f'])(
    'refuses the control character %j anywhere',
    (control) => {
      for (const url of [
        `${control}https://example.com`,
        `ht${control}tps://example.com`,
        `https://exam${control}ple.com`,
        `https://example.com/a${control}b`,
        `https://example.com/${control}`,
      ]) {
        expect(reasonOf(url), JSON.stringify(url)).toBe('control-character');
      }
    },
  );

  it.each([' ', '\u00a0', '\ufeff', '\u2028', '\u3000'])('refuses %j around the URL', (space) => {
    expect(reasonOf(`${space}https://example.com`)).toBe('surrounding-space');
    expect(reasonOf(`https://example.com/${space}`)).toBe('surrounding-space');
  });

  it('refuses more than 2048 characters, as given and as encoded', () => {
    const base = 'https://example.com/';
    expect(reasonOf(base + 'a'.repeat(2048 - base.length))).toBe('accepted');
    expect(reasonOf(base + 'a'.repeat(2049 - base.length))).toBe('too-long');
    expect(reasonOf(base + 'é'.repeat(400))).toBe('too-long');
  });

  it('says what to do, and never repeats the path, the query or the credentials', () => {
    const urls = [
      ...words(`
    http://example.com https://user:SECRET@example.com https://example.com https://localhost
    https://127.0.0.1 https://example.com:22 https://a..b https://[
  `),
      '\thttps://a.com',
      ' https://a.com',
    ].map((url) => `${url}/SECRET?SECRET=SECRET#SECRET`);
    for (const url of [...urls, `https://example.com/${'SECRET'.repeat(400)}`]) {
      const verdict = judgeUrl(url, strict);
      expect(verdict.ok, url).toBe(false);
      expect(!verdict.ok && verdict.message, url).toMatch(/^(The|This) (?!.*SECRET).*\.$/);
    }
  });
});

describe('webhook URL in a development setup', () => {
  it.each(
    words(`
    http://localhost:3001/hook https://localhost http://127.0.0.1:9000 http://[::1]:9000
    http://redis:8080 http://host.docker.internal:3000 http://printer.local http://10.0.0.1
    http://2130706433 http://a.localhost
  `),
  )('accepts %s', (url) => {
    expect(reasonOf(url, local)).toBe('accepted');
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data', 'address'],
    ['http://2852039166/', 'address'],
    ['http://[::ffff:a9fe:a9fe]/', 'address'],
    ['http://[fd00:ec2::254]/', 'address'],
    ['http://168.63.129.16/', 'address'],
    ['http://0.0.0.0:3000/', 'address'],
    ['http://224.0.0.1/', 'address'],
    ['http://metadata.google.internal/', 'local-name'],
    ['http://metadata.google.internal./', 'local-name'],
    ['http://METADATA/', 'local-name'],
    ['http://a..b/', 'host-name'],
    ['http://localhost:22/', 'port'],
    ['http://user@localhost/', 'credentials'],
    ['ftp://localhost/', 'scheme'],
  ])('still refuses %s', (url, reason) => {
    expect(reasonOf(url, local)).toBe(reason);
  });

  it('accepts a listed address and http apart from each other', () => {
    const listed = policy({ allowedAddresses: ['10.0.0.0/8'] });
    expect(reasonOf('https://10.1.2.3/', listed)).toBe('accepted');
    expect(reasonOf('http://10.1.2.3/', listed)).toBe('scheme');
    expect(reasonOf('https://192.168.0.1/', listed)).toBe('address');
    expect(reasonOf('http://example.com/', policy({ allowHttp: true }))).toBe('accepted');
    expect(reasonOf('http://localhost/', policy({ allowHttp: true }))).toBe('local-name');
  });
});
