import type { WebhooksDashboard } from 'nestjs-webhooks/dashboard';
import type { MovedWebhook } from 'nestjs-webhooks/moving';
import { verifyWebhook, WebhookVerificationError } from 'nestjs-webhooks/receiver';
import { WebhookTestClock } from 'nestjs-webhooks/testing';
import { pgWebhooksTransaction, type WebhooksTransaction } from 'nestjs-webhooks/transactions';

/** Every entry point has types under every module resolution: one that did not resolve would be an error, or any. */
export const received: { id: string } = verifyWebhook<{ id: string }>('{}', {}, 'whsec_').data;
export const now: number = new WebhookTestClock().now();
export const code: string = new WebhookVerificationError('bad-signature', 'text').message;
export const transaction: WebhooksTransaction = pgWebhooksTransaction({ query: async () => ({ rows: [] }) });
export const moved: MovedWebhook = { tenant: '', url: 'https://example.com', secret: 'text' };
export function signIn(dashboard: WebhooksDashboard, token: string): void {
  dashboard.requestHeaders = () => ({ authorization: token });
}
// @ts-expect-error: a clock does not start at a text
export const wrong = new WebhookTestClock('now');
