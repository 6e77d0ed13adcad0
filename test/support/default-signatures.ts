import { hmac, HmacScheme } from '../../lib/domain/signing/hmac-scheme.js';
import {
  signatureHeaders as headersOf,
  type LiveSecrets,
  type SecretRotation,
  type SigningRequest,
} from '../../lib/domain/signing/signature-scheme.js';
import { standardKey } from '../../lib/domain/secret.js';
import {
  StandardScheme,
  standardContent,
  standardSignature as signatureOf,
} from '../../lib/domain/signing/standard-scheme.js';

export const standardSignature = (secret: string, id: string, timestamp: number, body: string): string =>
  signatureOf(standardKey(secret), standardContent(id, timestamp, body));

export const hexSignature = (secret: string, body: string): string => hmac(secret, body, 'hex');

/** The headers that an app without configured schemes sends. */
export const signatureHeaders = (
  content: Pick<SigningRequest, 'id' | 'timestamp' | 'body'>,
  live: LiveSecrets,
  { header, rotation }: { readonly header: string; readonly rotation: SecretRotation },
): Record<string, string> =>
  headersOf(
    [
      new HmacScheme({ header, prefix: '', encoding: 'hex' }, rotation),
      new StandardScheme({ secrets: true, keys: [] }),
    ],
    { url: 'https://example.com/webhooks', headers: {}, ...content },
    live,
  );
