import { hmac, HmacScheme } from '../../lib/domain/signing/hmac-scheme.js';
import {
  signatureHeaders as headersOf,
  type LiveSecrets,
  type SecretRotation,
  type SigningRequest,
} from '../../lib/domain/signing/signature-scheme.js';
import { StandardScheme } from '../../lib/domain/signing/standard-scheme.js';

export { standardSignature } from '../../lib/domain/signing/standard-scheme.js';

export const hexSignature = (secret: string, body: string): string => hmac(secret, body, 'hex');

/** The headers that an app sends which has set no schemes. */
export const signatureHeaders = (
  content: Pick<SigningRequest, 'id' | 'timestamp' | 'body'>,
  live: LiveSecrets,
  { header, rotation }: { readonly header: string; readonly rotation: SecretRotation },
): Record<string, string> =>
  headersOf(
    [new HmacScheme({ header, prefix: '', encoding: 'hex' }, rotation), new StandardScheme()],
    { url: 'https://example.com/webhooks', headers: {}, ...content },
    live,
  );
