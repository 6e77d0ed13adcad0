import { HmacScheme } from '../domain/signing/hmac-scheme.js';
import { MessageSignatureScheme } from '../domain/signing/message-signature-scheme.js';
import type { SignatureScheme } from '../domain/signing/signature-scheme.js';
import { StandardScheme } from '../domain/signing/standard-scheme.js';
import { SlackScheme, StripeScheme } from '../domain/signing/timestamped-schemes.js';
import type { ReceivedWebhookScheme } from '../receiver/received-scheme.js';

/** How a receiver of an app verifies what that signs; those of the app's own are left to its tests. */
export const receivedSchemes = (schemes: readonly SignatureScheme[]): readonly ReceivedWebhookScheme[] =>
  schemes.flatMap((scheme): ReceivedWebhookScheme[] => {
    if (scheme instanceof HmacScheme) return [{ scheme: 'hmac', ...scheme.form }];
    if (scheme instanceof StandardScheme) {
      const { secrets, keys } = scheme.signs;
      return [
        ...(secrets ? (['standard'] as const) : []),
        ...(keys.length > 0 ? (['standard-v1a'] as const) : []),
      ];
    }
    if (scheme instanceof StripeScheme) return [{ scheme: 'stripe', header: scheme.header }];
    if (scheme instanceof SlackScheme) return [{ scheme: 'slack', ...scheme.form }];
    return scheme instanceof MessageSignatureScheme ? [{ scheme: 'rfc9421', url: '', ...scheme.form }] : [];
  });
