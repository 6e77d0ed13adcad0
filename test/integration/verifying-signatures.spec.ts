import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../lib/domain/id.js';
import { serialiseBody } from '../../lib/domain/json-body.js';
import { newSecretValue } from '../../lib/domain/secret.js';
import { signatureHeaders, standardSignature } from '../../lib/domain/signature.js';
import {
  isInstalled,
  runSnippet,
  SNIPPET_LANGUAGES,
  type SnippetCase,
} from '../support/documented-snippets.js';

const GUIDE = new URL('../../docs/verifying-signatures.md', import.meta.url);
/** A cold Go compiles net/http first, a cold Rust its crates. */
const RUN_TIMEOUT_MS = 300_000;

const SECRET = newSecretValue();
const NEW_SECRET = newSecretValue();
const NOW_S = Math.floor(Date.now() / 1_000);
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
const CHANGED_BODY = BODY.replace('post_123', 'post_124');

interface NamedCase extends Omit<SnippetCase, 'scheme'> {
  readonly title: string;
  readonly accepted: boolean;
  readonly scheme?: SnippetCase['scheme'];
}

const signed = (timestamp = NOW_S, secrets = [SECRET]): Record<string, string> =>
  signatureHeaders(
    { id: ID, timestamp, body: BODY },
    secrets.map((value) => ({ value })),
    { header: 'x-webhook-signature', rotation: 'old' },
  );

function without(name: string): Record<string, string> {
  const { [name]: _, ...others } = signed();
  return others;
}

/** Signed by somebody who knows no secret, and tries the empty one in both schemes. */
const forged = {
  ...signed(NOW_S, ['']),
  'webhook-signature': `v1,${createHmac('sha256', '').update(`${ID}.${NOW_S}.${BODY}`).digest('base64')}`,
};

const withSignatures = (value: string): Record<string, string> => ({
  ...signed(),
  'webhook-signature': value,
  'x-webhook-signature': value,
});

const GARBAGE = [
  '',
  'garbage',
  'v1,',
  'v1,!!!',
  ',',
  `v1,${'A'.repeat(43)}=`,
  'z'.repeat(64),
  '0'.repeat(64),
  'é'.repeat(32),
];
const request = { secret: SECRET, headers: signed(), body: BODY };

const CASES: readonly NamedCase[] = [
  { ...request, title: 'the right signature', accepted: true },
  { ...request, title: 'a changed body', body: CHANGED_BODY, accepted: false },
  { ...request, title: 'a wrong secret', secret: NEW_SECRET, accepted: false },
  ...GARBAGE.map((garbage) => ({
    ...request,
    title: `the garbage signature ${JSON.stringify(garbage)}`,
    headers: withSignatures(garbage),
    accepted: false,
  })),
  { ...request, title: 'a forgery where the secret is empty', secret: '', headers: forged, accepted: false },
  {
    ...request,
    title: 'a forgery where the secret is missing',
    secret: null,
    headers: forged,
    accepted: false,
  },
  {
    ...request,
    title: 'a forgery where the secret is only its prefix',
    scheme: 'standard',
    secret: 'whsec_',
    headers: forged,
    accepted: false,
  },
  { ...request, title: 'no headers at all', headers: {}, accepted: false },
  {
    ...request,
    title: 'the old secret while it is rotated',
    headers: signed(NOW_S, [NEW_SECRET, SECRET]),
    accepted: true,
  },
  {
    ...request,
    title: 'the new secret while it is rotated',
    scheme: 'standard',
    secret: NEW_SECRET,
    headers: signed(NOW_S, [NEW_SECRET, SECRET]),
    accepted: true,
  },
  { ...request, title: 'a clock that is 4 minutes off', headers: signed(NOW_S - 240), accepted: true },
  {
    ...request,
    title: 'a request of 10 minutes ago',
    scheme: 'standard',
    headers: signed(NOW_S - 600),
    accepted: false,
  },
  {
    ...request,
    title: 'a request of the future',
    scheme: 'standard',
    headers: signed(NOW_S + 600),
    accepted: false,
  },
  {
    ...request,
    title: 'the timestamp of another request',
    scheme: 'standard',
    headers: { ...signed(), 'webhook-timestamp': String(NOW_S - 1) },
    accepted: false,
  },
  {
    ...request,
    title: 'a timestamp that is no number',
    scheme: 'standard',
    headers: { ...signed(), 'webhook-timestamp': 'soon' },
    accepted: false,
  },
  {
    ...request,
    title: 'a signature of another version',
    scheme: 'standard',
    headers: withSignatures(`v2,${standardSignature(SECRET, ID, NOW_S, BODY).slice(3)}`),
    accepted: false,
  },
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name): NamedCase => ({
    ...request,
    title: `a request without ${name}`,
    scheme: 'standard',
    headers: without(name),
    accepted: false,
  })),
  {
    ...request,
    title: 'a request without the hex header',
    scheme: 'hex',
    headers: without('x-webhook-signature'),
    accepted: false,
  },
];

/** What the sender makes; HTTP carries header values as latin-1, which `é` is in. */
const casesOf = (scheme: SnippetCase['scheme']): (NamedCase & SnippetCase)[] =>
  CASES.filter((one) => (one.scheme ?? scheme) === scheme).map((one) => ({ ...one, scheme }));

for (const language of SNIPPET_LANGUAGES) {
  describe(`the guide's code for ${language.heading}`, () => {
    const [interpreter] = language.probe;
    if (!isInstalled(language.probe)) {
      console.log(
        `${interpreter} is not installed here: the guide's code for ${language.heading} is not run.`,
      );
      it(`can not be run, for ${interpreter} is not installed here`, () => {
        expect(isInstalled(language.probe)).toBe(false);
      });
      return;
    }

    const cases = language.schemes.flatMap(casesOf);
    let accepted: readonly boolean[] = [];
    let missing: string | undefined;
    beforeAll(() => {
      missing = language.getLibraries?.();
      if (missing === undefined) accepted = runSnippet(language, GUIDE, cases);
    }, RUN_TIMEOUT_MS);

    for (const [index, one] of cases.entries()) {
      it(`${one.accepted ? 'accepts' : 'refuses'} ${one.title} (${one.scheme})`, ({ skip }) => {
        if (missing !== undefined) skip(missing);
        expect(accepted[index]).toBe(one.accepted);
      });
    }
  });
}
