/** `nestjs-webhooks/dashboard` on a server that renders pages: it uses no DOM. */
export const WebhooksDashboard = undefined;
