import net from 'node:net';
import type { HostLookup } from '../../lib/delivery/guarded-connector.js';
import { WebhookHttpClient, type WebhookHttpClientOptions } from '../../lib/delivery/http-client.js';
import type { SendResult } from '../../lib/delivery/http-exchange.js';
import { AddressPolicy, type NetworkRules } from '../../lib/domain/address-policy.js';
import { atEnd, REQUEST_BODY } from './tcp-servers.js';

/** Allows loopback as a listed address, so that all other rules are those of production. */
export const loopbackPolicy = (rules: Partial<NetworkRules> = {}): AddressPolicy =>
  new AddressPolicy({
    allowHttp: true,
    allowPrivateNetworks: false,
    allowedAddresses: ['127.0.0.1'],
    ...rules,
  });

/** Creates a client that is closed when the test ends. */
export function client(options: Partial<WebhookHttpClientOptions> = {}): WebhookHttpClient {
  const created = new WebhookHttpClient({
    timeoutMs: 5_000,
    captureBytes: 4096,
    policy: loopbackPolicy(),
    ...options,
  });
  atEnd(() => created.close());
  return created;
}

export const post = (
  sender: WebhookHttpClient,
  url: string,
  headers: Record<string, string> = {},
): Promise<SendResult> =>
  sender.send({ url, headers: { 'content-type': 'application/json', ...headers }, body: REQUEST_BODY });

/**
 * A lookup that counts its calls. Each call returns the next list of addresses; after the last list, it
 * repeats that one.
 */
export function answering(...answers: string[][]): HostLookup & { calls: string[] } {
  const calls: string[] = [];
  const lookup: HostLookup = (hostname, _options, callback) => {
    const addresses = answers[Math.min(calls.length, answers.length - 1)] ?? [];
    calls.push(hostname);
    callback(
      null,
      addresses.map((address) => ({ address, family: net.isIP(address) })),
    );
  };
  return Object.assign(lookup, { calls });
}
