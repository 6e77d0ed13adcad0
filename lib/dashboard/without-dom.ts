/** What `nestjs-webhooks/dashboard` is on a server that renders pages: nothing that needs a DOM. */
export const WebhooksDashboard = undefined;
