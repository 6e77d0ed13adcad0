import { createHmac } from 'node:crypto';
import { newId } from '../../lib/domain/id.js';
import { serialiseBody } from '../../lib/domain/json-body.js';
import { newSecretValue } from '../../lib/domain/secret.js';
import { signatureHeaders, standardSignature } from './default-signatures.js';
import type { SnippetCase } from './documented-snippets.js';

/** A request to a receiver, and whether the receiver must accept it. */
export interface SignatureCase extends Omit<SnippetCase, 'scheme'> {
  readonly title: string;
  readonly accepted: boolean;
  /** Default: both. */
  readonly scheme?: SnippetCase['scheme'];
  /** Only for receivers that verify the bytes of the body. After parsing, this body equals the signed one. */
  readonly bytes?: true;
}

const SECRET = newSecretValue();
const NEW_SECRET = newSecretValue();
const ID = newId('evt', Date.now());
const { body: BODY } = serialiseBody({
  id: ID,
  type: 'post.published',
  createdAt: Date.now(),
  data: {
    post_id: 'post_123',
    content: 'Grüße / 你好 👋 \u2028 <b>&</b>',
    price: 12.0,
    views: 1e21,
    10: 'ten',
    9: 'nine',
  },
});

const GARBAGE = [
  '',
  'garbage',
  'v1',
  'v1,',
  'v1,!!!',
  ',',
  ' ',
  `v1,${'A'.repeat(43)}=`,
  `v1,${'A'.repeat(43)}= `.repeat(20),
  'z'.repeat(64),
  '0'.repeat(64),
  'é'.repeat(32),
];
const NO_SECONDS = ['soon', '', '1e9', '0x10', '1.5', '9'.repeat(30), String(-(2n ** 63n)), '½'];

type Headers = Readonly<Record<string, string>>;

/** The headers of a request that is sent at `timestamp`, in seconds. */
const signed = (timestamp: number, secrets = [SECRET], body = BODY): Headers =>
  signatureHeaders(
    { id: ID, timestamp, body },
    secrets.map((value) => ({ value })),
    { header: 'x-webhook-signature', rotation: 'old' },
  );

const withSignatures = (headers: Headers, standard: string, hex = standard): Headers => ({
  ...headers,
  'webhook-signature': standard,
  'x-webhook-signature': hex,
});

/** A forged signature: the attacker knows no secret, and tries an empty one in both schemes. */
const forgedAt = (now: number): Headers => ({
  ...signed(now, ['']),
  'webhook-signature': `v1,${createHmac('sha256', '').update(`${ID}.${now}.${BODY}`).digest('base64')}`,
});

/** All cases, for a receiver whose clock shows `now`, in seconds. */
export const casesAt = (now: number): readonly SignatureCase[] => [
  ...bodies(now),
  ...secrets(now),
  ...signatures(now),
  ...headers(now),
  ...times(now),
];

const requestAt = (now: number) => ({ secret: SECRET, headers: signed(now), body: BODY });

function bodies(now: number): SignatureCase[] {
  const request = requestAt(now);
  return [
    { ...request, title: 'the right signature', accepted: true },
    {
      ...request,
      title: 'a changed body',
      body: BODY.replace('post_123', 'post_124'),
      accepted: false,
    },
    { ...request, title: 'no body', body: '', accepted: false },
    {
      ...request,
      title: 'a changed body of another content type',
      body: `${BODY} `,
      headers: { ...request.headers, 'content-type': 'text/plain' },
      accepted: false,
    },
    {
      ...request,
      title: 'a byte order mark before the body',
      body: `\uFEFF${BODY}`,
      accepted: false,
      bytes: true,
    },
    { ...request, title: 'a line feed after the body', body: `${BODY}\n`, accepted: false, bytes: true },
  ];
}

function secrets(now: number): SignatureCase[] {
  const request = requestAt(now);
  const forged = { ...request, headers: forgedAt(now), accepted: false };
  const rotated = { ...request, headers: signed(now, [NEW_SECRET, SECRET]), accepted: true };
  return [
    { ...request, title: 'a wrong secret', secret: NEW_SECRET, accepted: false },
    { ...forged, title: 'a forgery where the secret is empty', secret: '' },
    { ...forged, title: 'a forgery where the secret is missing', secret: null },
    {
      ...forged,
      title: 'a forgery where the secret is only its prefix',
      scheme: 'standard',
      secret: 'whsec_',
    },
    { ...rotated, title: 'the old secret while it is rotated' },
    { ...rotated, title: 'the new secret while it is rotated', scheme: 'standard', secret: NEW_SECRET },
  ];
}

function signatures(now: number): SignatureCase[] {
  const request = requestAt(now);
  const standard = standardSignature(SECRET, ID, now, BODY);
  const hex = request.headers['x-webhook-signature']!;
  const other = `v1,${'A'.repeat(43)}=`;
  const refused = (title: string, inStandard: string, inHex = inStandard): SignatureCase => ({
    ...request,
    title,
    headers: withSignatures(request.headers, inStandard, inHex),
    accepted: false,
  });
  return [
    ...GARBAGE.map((garbage) => refused(`the garbage signature ${JSON.stringify(garbage)}`, garbage)),
    refused('a signature without its last character', standard.slice(0, -1), hex.slice(0, -1)),
    refused('a signature without its last two characters', standard.slice(0, -2), hex.slice(0, -2)),
    refused('the first byte of a signature', standard.slice(0, 5), hex.slice(0, 2)),
    refused('a signature with more behind it', `${standard}A`, `${hex}00`),
    refused('a signature without its version', standard.slice(3), `sha256=${hex}`),
    { ...refused('a signature of another version', `v2,${standard.slice(3)}`), scheme: 'standard' },
    {
      ...request,
      title: 'the right signature between others',
      scheme: 'standard',
      headers: withSignatures(request.headers, `v1a,x ${other} ${standard} ${other}`),
      accepted: true,
    },
    // Servers join repeated headers with a comma.
    refused('a signature that came twice, and is wrong', `${other}, ${other}`, `${'0'.repeat(64)}, ${hex}`),
  ];
}

function headers(now: number): SignatureCase[] {
  const request = requestAt(now);
  const without = (name: string, scheme: SnippetCase['scheme']): SignatureCase => {
    const { [name]: _, ...others } = request.headers;
    return { ...request, title: `a request without ${name}`, scheme, headers: others, accepted: false };
  };
  return [
    { ...request, title: 'no headers at all', headers: {}, accepted: false },
    ...['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => without(name, 'standard')),
    without('x-webhook-signature', 'hex'),
    ...['', 'evt_other', 'é', `${ID}, ${ID}`].map((id): SignatureCase => ({
      ...request,
      title: `the id ${JSON.stringify(id).replaceAll(ID, '…')}`,
      scheme: 'standard',
      headers: { ...request.headers, 'webhook-id': id },
      accepted: false,
    })),
  ];
}

function times(now: number): SignatureCase[] {
  const request = requestAt(now);
  const standard = { ...request, scheme: 'standard', accepted: false } as const;
  return [
    { ...request, title: 'a clock that is 4 minutes off', headers: signed(now - 240), accepted: true },
    { ...standard, title: 'a request of 10 minutes ago', headers: signed(now - 600) },
    { ...standard, title: 'a request of the future', headers: signed(now + 600) },
    {
      ...standard,
      title: 'the timestamp of another request',
      headers: { ...request.headers, 'webhook-timestamp': String(now - 1) },
    },
    ...NO_SECONDS.map((timestamp) => ({
      ...standard,
      title: `the timestamp ${JSON.stringify(timestamp)}`,
      headers: { ...request.headers, 'webhook-timestamp': timestamp },
    })),
  ];
}
