import { verifyWebhookHexSignature, verifyWebhook, WebhooksError } from 'nestjs-webhooks/receiver';
import type { Arrival, IncomingRequest } from './arrival.js';

/** Verifies both schemes over the received bytes. Your own receiver needs only one of them. */
export function checkSignatures(
  rawBody: Buffer,
  headers: IncomingRequest['headers'],
  secrets: readonly string[],
): Arrival['signatures'] {
  if (secrets.length === 0) return { hex: null, standard: null };
  return {
    hex: verifyWebhookHexSignature(rawBody, headers['x-roundabout-signature'], secrets),
    standard: isVerified(() => verifyWebhook(rawBody, headers, secrets)),
  };
}

function isVerified(verify: () => unknown): boolean {
  try {
    verify();
    return true;
  } catch (error) {
    if (error instanceof WebhooksError) return false;
    throw error;
  }
}
