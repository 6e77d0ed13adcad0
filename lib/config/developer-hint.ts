import type { NetworkOption } from '../domain/webhook-url.js';

const DESTINATIONS =
  'https://github.com/nestjs-webhooks/nestjs-webhooks/blob/main/docs/reference/delivery.md#destinations';

const VALUES: Readonly<Record<NetworkOption, string>> = {
  'network.allowHttp': 'network.allowHttp: true',
  'network.allowPrivateNetworks': 'network.allowPrivateNetworks: true',
  'network.allowedAddresses': 'network.allowedAddresses',
  'network.allowedHosts': 'network.allowedHosts',
};

/**
 * A text for developers that says how to allow a destination, to be added to a message. Empty in production: there
 * customers read the message, and must not learn what the app could allow.
 */
export function developerHint(options: readonly NetworkOption[]): string {
  if (options.length === 0 || process.env.NODE_ENV === 'production') return '';
  const named = options
    .map((option) => VALUES[option])
    .join(', ')
    .replace(/, (?=network.allowed\w+$)/, ' or ');
  return ` To allow it while you develop, set ${named}: ${DESTINATIONS}`;
}
