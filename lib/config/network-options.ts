import { X509Certificate } from 'node:crypto';
import { AddressPolicy, type NetworkRules } from '../domain/address-policy.js';
import { AllowedHosts } from '../domain/allowed-hosts.js';
import { certificateProblems, type ClientCertificate } from '../domain/client-certificate.js';
import { parseUrl } from '../domain/parse-url.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { flag, list } from './option-values.js';
import type { WebhooksOptions } from './webhooks-options.js';

/** An HTTP proxy, which opens tunnels with CONNECT. */
export interface ProxyConfig {
  readonly host: string;
  readonly port: number;
  /** The value of `proxy-authorization`; `null` if it needs none. */
  readonly authorization: string | null;
}

export interface NetworkConfig extends NetworkRules {
  /** Certificates in PEM that are trusted in addition to Node's. */
  readonly ca: readonly string[];
  /** Shown to receivers that ask for a client certificate, unless the endpoint has one of its own. */
  readonly clientCertificate: ClientCertificate | null;
  /** `null`: requests go straight to receivers. */
  readonly proxy: ProxyConfig | null;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** @throws InvalidWebhooksOptionError */
export function resolveNetwork(network: NonNullable<WebhooksOptions['network']>): NetworkConfig {
  const rules = Object.freeze({
    allowHttp: flag('network.allowHttp', network.allowHttp),
    allowPrivateNetworks: flag('network.allowPrivateNetworks', network.allowPrivateNetworks),
    allowedAddresses: Object.freeze([...list('network.allowedAddresses', network.allowedAddresses)]),
    allowedHosts: Object.freeze([...list('network.allowedHosts', network.allowedHosts)]),
    ca: Object.freeze(certificatesOf(network.ca)),
    clientCertificate: certificateOf(network.clientCertificate),
    proxy: network.proxy === undefined ? null : Object.freeze(proxyOf(network.proxy)),
  });
  // Compiled here only to find a wrong entry before anything starts.
  void new AllowedHosts(rules.allowedHosts);
  void new AddressPolicy(rules);
  return rules;
}

function certificatesOf(ca: string | readonly string[] = []): string[] {
  const texts = typeof ca === 'string' ? [ca] : list('network.ca', ca);
  return texts.flatMap((text, index) => {
    const option = typeof ca === 'string' ? 'network.ca' : `network.ca[${index}]`;
    const found = typeof text === 'string' ? (text.match(CERTIFICATE) ?? []) : [];
    if (found.length === 0) {
      throw new InvalidWebhooksOptionError(
        option,
        "must be the text of a certificate in PEM, with -----BEGIN CERTIFICATE-----. Read a file with readFileSync(path, 'utf8').",
      );
    }
    return found.map((pem) => checkedCertificate(pem, option));
  });
}

function checkedCertificate(pem: string, option: string): string {
  try {
    void new X509Certificate(pem);
    return pem;
  } catch (error) {
    throw new InvalidWebhooksOptionError(
      option,
      `holds a certificate that can't be read: ${(error as Error).message}.`,
    );
  }
}

function certificateOf(pair: ClientCertificate | undefined): ClientCertificate | null {
  if (pair === undefined) return null;
  const [problem] = certificateProblems('network.clientCertificate', pair, Date.now());
  if (!problem) return Object.freeze({ ...pair });
  throw new InvalidWebhooksOptionError(problem.field, problem.message.slice(problem.field.length + 1));
}

/** No message contains the value, which may have a password. */
function proxyOf(value: unknown): ProxyConfig {
  const fail = (problem: string): never => {
    throw new InvalidWebhooksOptionError(
      'network.proxy',
      `must be the URL of an HTTP proxy such as 'http://user:password@proxy.corp.example:3128'${problem}.`,
    );
  };
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  if (!url) return fail(`, got ${typeof value === 'string' ? 'something else' : typeof value}`);
  if (url.protocol !== 'http:') fail(`, got one that begins with ${url.protocol}`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') fail(', without a path');
  const { username, password } = url;
  const credentials = [username, password].map(decoded).join(':');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 80),
    authorization:
      username === '' && password === '' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

/** A percent sign without hex digits means itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
