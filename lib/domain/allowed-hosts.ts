import { parseIpBlock, type IpBlock } from './ip-address.js';
import { InvalidWebhooksOptionError } from './webhooks.error.js';

/**
 * A name such as `receiver.default.svc`, or `*.corp.example` for all names below `corp.example`, with the addresses
 * that it may have besides public ones.
 */
export type AllowedHost = string | { readonly host: string; readonly addresses: readonly string[] };

interface Rule {
  /** In lower case. `.corp.example` means all names below it. */
  readonly suffix: string;
  readonly isWildcard: boolean;
  readonly addresses: readonly IpBlock[];
}

const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** The names that an app trusts although they are not public, each with addresses of its own. */
export class AllowedHosts {
  readonly #rules: readonly Rule[];

  /** @throws InvalidWebhooksOptionError that names the unusable entry of `network.allowedHosts` */
  constructor(hosts: readonly AllowedHost[]) {
    this.#rules = hosts.map(ruleOf);
  }

  /** @param name in lower case, without a trailing dot */
  has(name: string): boolean {
    return this.#rules.some((rule) => matches(rule, name));
  }

  /** The addresses that this name may have, besides those that every name may have. */
  addressesOf(name: string): readonly IpBlock[] {
    return this.#rules.flatMap((rule) => (matches(rule, name) ? rule.addresses : []));
  }
}

const matches = ({ suffix, isWildcard }: Rule, name: string): boolean =>
  isWildcard ? name.endsWith(suffix) && name.length > suffix.length : name === suffix;

function ruleOf(entry: AllowedHost, index: number): Rule {
  const option = `network.allowedHosts[${index}]`;
  const host: unknown = typeof entry === 'string' ? entry : entry?.host;
  const name = typeof host === 'string' ? host.toLowerCase().replace(/\.$/, '') : '';
  if (!NAME.test(name) || name.length > 253 || /^(\*\.)?[\d.]+$/.test(name)) {
    throw new InvalidWebhooksOptionError(
      typeof entry === 'string' ? option : `${option}.host`,
      `must be a host name such as 'receiver.default.svc' or '*.corp.example', got ${JSON.stringify(host)}. Addresses go into network.allowedAddresses.`,
    );
  }
  const isWildcard = name.startsWith('*.');
  const addresses: unknown = typeof entry === 'string' ? [] : entry.addresses;
  if (!Array.isArray(addresses)) {
    throw new InvalidWebhooksOptionError(
      `${option}.addresses`,
      `must be a list of addresses and CIDR blocks such as ['10.96.0.0/12'], got ${JSON.stringify(addresses)}.`,
    );
  }
  return {
    suffix: isWildcard ? name.slice(1) : name,
    isWildcard,
    addresses: addresses.map((text: unknown, at) => blockOf(text, `${option}.addresses[${at}]`)),
  };
}

function blockOf(text: unknown, option: string): IpBlock {
  const block = typeof text === 'string' ? parseIpBlock(text) : undefined;
  if (block) return block;
  throw new InvalidWebhooksOptionError(
    option,
    `must be an IP address or a CIDR block with no bits set after its prefix, such as '10.1.2.3' or '10.96.0.0/12', got ${JSON.stringify(text)}.`,
  );
}
