import { type AnyCoded, type Coded } from './field-problems.js';
import { isIPv4 } from 'node:net';
import type { AddressPolicy, AddressRefusal } from './address-policy.js';
import { isSettledName } from './international-name.js';
import { parseUrl } from './parse-url.js';

/** Why a URL is refused. Stable. */
export type UrlRefusal =
  | 'not-a-url'
  | 'too-long'
  | 'control-character'
  | 'surrounding-space'
  | 'scheme'
  | 'credentials'
  | 'fragment'
  | 'port'
  | 'host-name'
  | 'local-name'
  | 'address';

/** `url.href` is what to store and send to: the spelling that was judged. */
export type UrlVerdict =
  | { readonly ok: true; readonly url: URL }
  | {
      readonly ok: false;
      readonly reason: UrlRefusal;
      readonly message: string;
      /** The same for programs. */
      readonly coded: AnyCoded;
      /** The options that would allow it. For the developer only. */
      readonly options: readonly NetworkOption[];
    };

/** An option of the app that allows what is refused by default. */
export type NetworkOption =
  'network.allowHttp' | 'network.allowPrivateNetworks' | 'network.allowedAddresses' | 'network.allowedHosts';

type Refused = Extract<UrlVerdict, { ok: false }>;

const MAX_URL_LENGTH = 2048;

/** "Bad ports" of the Fetch standard, section "Port blocking", and port 0. */
const BLOCKED_PORTS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Zones that only resolve inside one machine, cluster or network (RFC 6761, 6762, 8375, ICANN's `.internal`). */
const LOCAL_ZONES = ['localhost', 'localdomain', 'local', 'internal', 'home.arpa', 'svc.cluster.local'];

/** Refused even when private networks are allowed, as their addresses are. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.goog',
  'metadata.google.internal',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
]);

/**
 * Judges a webhook URL as the WHATWG URL standard parses it. It must be https (or http if allowed), without
 * credentials, fragment or blocked port. Its host must be a public name or an allowed address. Judges a name by its
 * spelling only; its
 * addresses are judged at each connection. Messages never contain the path or the query.
 */
export function judgeUrl(input: unknown, policy: AddressPolicy): UrlVerdict {
  if (typeof input !== 'string') return refuse(['not-a-url'], 'The URL must be a string.');
  const refused = judgeText(input);
  if (refused) return refused;
  const url = parse(input);
  if (!url) return refuse(['not-a-url'], 'This is not a URL. Give one like https://example.com/webhooks.');
  return judgeParts(url, policy) ?? judgeHost(url.hostname, policy) ?? { ok: true, url };
}

// The URL parser strips or ignores most of these. Then the judged URL would not be the given one.
function judgeText(input: string): Refused | undefined {
  if (input.length > MAX_URL_LENGTH) {
    return refuse(
      ['too-long', { most: MAX_URL_LENGTH }],
      `The URL must be at most ${MAX_URL_LENGTH} characters long, got ${input.length}.`,
    );
  }
  if (/\p{Cc}/u.test(input)) {
    return refuse(
      ['control-character'],
      'The URL must not contain control characters such as tabs or line breaks.',
    );
  }
  if (input.trim() !== input) {
    return refuse(['surrounding-space'], 'The URL must not begin or end with white space. Remove it.');
  }
  return undefined;
}

/** Parses in the same way on every Node. */
function parse(input: string): URL | undefined {
  const url = parseUrl(input);
  if (!url || !isSettledName(writtenHost(input), url.hostname)) return undefined;
  // Newer versions of the URL standard, and Node 24, encode it.
  if (url.pathname.includes('^')) url.pathname = url.pathname.replaceAll('^', '%5E');
  return url;
}

/** The host with its user name and port, if there are any. */
function writtenHost(input: string): string {
  const [host = ''] = /(?<=^[^:]*:[/\\]*)[^/\\?#]+/.exec(input) ?? [];
  try {
    return decodeURIComponent(host);
  } catch {
    return host;
  }
}

function judgeParts(url: URL, policy: AddressPolicy): Refused | undefined {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && policy.allowHttp)) {
    const wanted = policy.allowHttp ? 'https or http' : 'https';
    const options: NetworkOption[] = url.protocol === 'http:' ? ['network.allowHttp'] : [];
    const forHost = judgeHost(url.hostname, policy)?.options ?? [];
    return refuse(
      ['scheme', { schemes: policy.allowHttp ? 'https, http' : 'https' }],
      `The URL must begin with ${wanted}://.`,
      [...options, ...forHost],
    );
  }
  if (url.href.length > MAX_URL_LENGTH) {
    return refuse(
      ['too-long', { most: MAX_URL_LENGTH }],
      `The URL must be at most ${MAX_URL_LENGTH} characters long once encoded.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(
      ['credentials'],
      'The URL must not contain a user name or password. Send credentials in a custom header.',
    );
  }
  // `url.hash` is empty for a URL that ends in "#".
  if (url.href.includes('#'))
    return refuse(['fragment'], 'The URL must not contain a fragment. Remove "#" and what follows.');
  if (url.port !== '' && BLOCKED_PORTS.has(Number(url.port))) {
    return refuse(
      ['port', { port: url.port }],
      `The URL must not use port ${url.port}, which belongs to another protocol.`,
    );
  }
  return undefined;
}

const OPTIONS_FOR: Readonly<Record<AddressRefusal, readonly NetworkOption[]>> = {
  private: ['network.allowPrivateNetworks', 'network.allowedAddresses'],
  'special-purpose': ['network.allowedAddresses'],
  metadata: [],
  'not-an-address': [],
};

function judgeHost(hostname: string, policy: AddressPolicy): Refused | undefined {
  if (hostname.startsWith('[') || isIPv4(hostname)) {
    const verdict = policy.judge(hostname.replace(/^\[|\]$/g, ''));
    if (verdict.allowed) return undefined;
    return refuse(
      ['address'],
      'The URL must not point to a private, local or reserved address. Use a public one.',
      OPTIONS_FOR[verdict.reason],
    );
  }
  return judgeName(hostname.replace(/\.$/, ''), policy);
}

/** `name` is in lower case and punycode, and has no trailing dot. */
function judgeName(name: string, policy: AddressPolicy): Refused | undefined {
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) {
    return refuse(['host-name'], 'The host of the URL must be a DNS name, such as example.com.');
  }
  if (METADATA_NAMES.has(name))
    return refuse(['local-name'], 'The URL must not point to a cloud metadata service.');
  if (policy.allowPrivateNetworks || policy.allowsName(name)) return undefined;
  if (labels.length === 1 || LOCAL_ZONES.some((zone) => name === zone || name.endsWith(`.${zone}`))) {
    return refuse(
      ['local-name'],
      'The URL must point to a public name, such as example.com, not to a local one.',
      ['network.allowPrivateNetworks', 'network.allowedHosts'],
    );
  }
  return undefined;
}

/** A refusal with the parameters of its problem. */
type Refusal = { [Reason in UrlRefusal]: [Reason, ...params: Tail<Coded<`url-${Reason}`>>] }[UrlRefusal];
type Tail<List extends readonly unknown[]> = List extends [unknown, ...infer Rest] ? Rest : never;

function refuse(
  [reason, ...params]: Refusal,
  message: string,
  options: readonly NetworkOption[] = [],
): Refused {
  return { ok: false, reason, message, coded: [`url-${reason}`, ...params] as AnyCoded, options };
}
