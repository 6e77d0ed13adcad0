import { readFileSync } from 'node:fs';
import { isRecord } from '../reference/resolve.js';
import { UsageError, type Given } from './command.js';
import { demandedScheme, foundSchemes, SCHEME_NAMES, type SchemeName } from './found-schemes.js';
import { headerOfScheme, verdictOn, type ArrivedRequest, type Keys, type Verdict } from './signatures.js';
import { duration } from './values.js';

/** The options that `verify` and `receive` share. */
export const VERIFICATION_OPTIONS = {
  secret: {
    type: 'string',
    short: 's',
    multiple: true,
    value: 'secret',
    text: 'The webhook’s secret. Default: the environment’s WEBHOOK_SECRET, several parted by spaces',
  },
  'public-key': {
    type: 'string',
    multiple: true,
    value: 'key',
    text: 'The sender’s public key: whpk_…, or a file with a JWK or a JWK set, as GET <path>/jwks.json answers',
  },
  scheme: {
    type: 'string',
    multiple: true,
    value: 'scheme',
    choices: SCHEME_NAMES,
    text: 'A signature that must be there. Default: those that are found must be right',
  },
  'signature-header': {
    type: 'string',
    value: 'name',
    text: 'The header of a demanded hmac, stripe or slack',
  },
  'timestamp-header': { type: 'string', value: 'name', text: 'The header with the time of a demanded slack' },
  url: { type: 'string', value: 'url', text: 'The receiver’s URL as it is registered, for rfc9421' },
  tolerance: {
    type: 'string',
    value: 'duration',
    default: '5m',
    text: 'How far the signed time may be from now; any for no bound',
  },
} as const;

type Values = Given<typeof VERIFICATION_OPTIONS>['values'];

/** Reads the options once, and returns a function that verifies requests. @throws UsageError */
export function verification(values: Values) {
  const secrets =
    values.secret.length > 0
      ? values.secret
      : (process.env.WEBHOOK_SECRET ?? '').split(/\s+/).filter(Boolean);
  const publicKeys = values['public-key'].flatMap(publicKeysOf);
  const toleranceMs = values.tolerance === 'any' ? Infinity : duration('tolerance', values.tolerance);
  const schemes = values.scheme as readonly SchemeName[];
  const header = values['signature-header']?.toLowerCase();
  const timestampHeader = values['timestamp-header']?.toLowerCase();
  return {
    hasKeys: secrets.length > 0 || publicKeys.length > 0,
    /** Returns one result for each signature. @param url of the request, if the options give none */
    verdicts(request: ArrivedRequest, now: number, url: string): readonly Verdict[] {
      const keys: Keys = { secrets, publicKeys, now, toleranceMs };
      const at = values.url ?? url;
      const found = foundSchemes(request, at);
      const demanded = schemes.flatMap((name) => {
        const own = found.filter(
          (one) => one.scheme === name && (header === undefined || headerOfScheme(one) === header),
        );
        return own.length > 0
          ? own
          : [
              demandedScheme(name, {
                ...(header ? { header } : {}),
                ...(timestampHeader ? { timestampHeader } : {}),
                url: at,
              }),
            ];
      });
      return (schemes.length > 0 ? demanded : found).map((scheme) => verdictOn(request, scheme, keys));
    },
  };
}

/** Whether at least one signature was verified, and none is invalid. */
export const isVerified = (verdicts: readonly Verdict[]): boolean =>
  verdicts.some(({ verified }) => verified) && verdicts.every(({ verified }) => verified !== false);

function publicKeysOf(given: string): readonly (string | object)[] {
  if (given.startsWith('whpk_')) return [given];
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(given, 'utf8'));
  } catch (cause) {
    throw new UsageError(
      `--public-key ${given} is no whpk_… key, and no JSON file: ${(cause as Error).message}`,
    );
  }
  const keys: unknown = isRecord(read) && 'keys' in read ? read.keys : read;
  const list: unknown[] = Array.isArray(keys) ? keys : [keys];
  if (list.length > 0 && list.every(isRecord)) return list;
  throw new UsageError(`${given} holds no JWK and no JWK set.`);
}
