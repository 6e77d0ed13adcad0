import type { JsonWebKey, KeyObject } from 'node:crypto';
import {
  componentValue,
  contentDigest,
  DEFAULT_COMPONENTS,
  DEFAULT_LABEL,
  signatureBase,
} from '../domain/signing/message-signature-scheme.js';
import { algorithmOf, readPublicKey, verifyWith, type KeyAlgorithm } from '../domain/signing/signing-key.js';
import { standardContent } from '../domain/signing/standard-scheme.js';
import { headerOf } from './received-headers.js';
import type { ReceivedWebhookScheme, WebhookVerificationKeys } from './received-scheme.js';
import {
  badSignature,
  checkOneOf,
  checkTimestamp,
  required,
  type ReceivedRequest,
} from './signature-checks.js';
import { InvalidWebhookSecretError, WebhookVerificationError } from './webhook-verification.error.js';

const KEY = "the sender's public key";
const SIGNATURE = /^v1a,([A-Za-z0-9+/]{86}==)$/;
/** One member of a dictionary of structured fields (RFC 9651): an inner list of names with parameters, or bytes. */
const INPUT =
  /^\(((?:"[a-z@-][a-z0-9@-]*"(?: "[a-z@-][a-z0-9@-]*")*)?)\)((?:;[a-z]+=(?:"[ !#-[\]-~]*"|\d{1,15}))*)$/;
const PARAMETER = /;([a-z]+)=(?:"([^"]*)"|(\d+))/g;
const BYTES = /^:([A-Za-z0-9+/]+={0,2}):$/;

interface PublicKey {
  readonly kid: string | undefined;
  readonly key: KeyObject;
  readonly algorithm: KeyAlgorithm;
}

export function verifyStandardV1a({ text, headers, keys, options }: ReceivedRequest): void {
  const known = publicKeys(keys).filter(({ algorithm }) => algorithm === 'ed25519');
  if (known.length === 0) throw invalidKey('must be of Ed25519.');
  const id = required(headers, 'webhook-id');
  const timestamp = checkTimestamp(required(headers, 'webhook-timestamp'), options);
  const content = standardContent(id, timestamp, text);
  const given = required(headers, 'webhook-signature')
    .split(' ')
    .flatMap((one) => SIGNATURE.exec(one)?.[1] ?? [])
    .map((one) => Buffer.from(one, 'base64'));
  const isOne = known.some(({ key }) => given.some((one) => verifyWith(key, 'ed25519', content, one)));
  if (!isOne) throw badSignature(KEY);
}

/** RFC 9421, section 3.2. The key decides the algorithm, never the sender's header. */
export function verifyMessageSignature(
  { text, headers, keys, options }: ReceivedRequest,
  {
    url,
    label = DEFAULT_LABEL,
    components = DEFAULT_COMPONENTS,
  }: Extract<ReceivedWebhookScheme, { scheme: 'rfc9421' }>,
): void {
  const known = publicKeys(keys);
  const input = memberOf(required(headers, 'signature-input'), label);
  const [, names = '', parameters = ''] = INPUT.exec(input) ?? [];
  const covered = names.split(' ').map((name) => name.slice(1, -1));
  const missing = components.find((name) => !covered.includes(name));
  if (missing !== undefined || new Set(covered).size !== covered.length)
    throw new WebhookVerificationError(
      'bad-signature',
      `it does not sign ${missing ?? 'each component once'}.`,
    );
  const told = new Map(
    [...parameters.matchAll(PARAMETER)].map(([, name, quoted, number]) => [name, quoted ?? number]),
  );
  checkTimestamp(told.get('created') ?? '', options);
  checkOneOf([contentDigest(text)], [required(headers, 'content-digest')]);
  const key = known.find(({ kid }) => kid === told.get('keyid'));
  if (!key)
    throw new WebhookVerificationError(
      'unknown-key',
      'it is signed with a key that is not among those given.',
    );
  const given = BYTES.exec(memberOf(required(headers, 'signature'), label))?.[1];
  const values = covered.map((name) => {
    const value = componentValue(name, { url, headers: { [name]: headerOf(headers, name) } });
    if (value === undefined)
      throw new WebhookVerificationError('missing-header', `it has no ${name} header.`);
    return [name, value] as const;
  });
  const isRight =
    given !== undefined &&
    (told.get('alg') ?? key.algorithm) === key.algorithm &&
    verifyWith(key.key, key.algorithm, signatureBase(values, input), Buffer.from(given, 'base64'));
  if (!isRight) throw badSignature(KEY);
}

/**
 * One member of `sig1=…, sig2=…`: servers join repeated headers. A quoted comma can't occur: no value of ours has one.
 */
function memberOf(header: string, label: string): string {
  const members = header.split(/,\s*/).filter((member) => member.startsWith(`${label}=`));
  if (members.length !== 1)
    throw new WebhookVerificationError('bad-signature', `it has no signature named ${label}.`);
  return members[0]!.slice(label.length + 1);
}

function publicKeys(given: WebhookVerificationKeys): readonly PublicKey[] {
  const list = listOf(given);
  if (list.length === 0) throw invalidKey('is missing.');
  return list.map((one) => {
    const key = readPublicKey(one);
    const algorithm = key && algorithmOf(key);
    if (!key || !algorithm) throw invalidKey('is malformed.');
    return { key, algorithm, kid: (Object(one) as { kid?: string }).kid };
  });
}

function listOf(given: unknown): readonly (string | JsonWebKey)[] {
  if (typeof given === 'string') return given === '' ? [] : [given];
  if (Array.isArray(given)) return given as (string | JsonWebKey)[];
  if (typeof given !== 'object' || given === null) return [];
  return 'keys' in given && Array.isArray(given.keys) ? (given.keys as JsonWebKey[]) : [given as JsonWebKey];
}

const invalidKey = (problem: string): InvalidWebhookSecretError =>
  new InvalidWebhookSecretError(
    problem,
    'The public key',
    "Give the sender's: a JWK set, a JWK, or 'whpk_' and base64.",
  );
