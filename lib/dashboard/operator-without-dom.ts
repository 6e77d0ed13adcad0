/** What `nestjs-webhooks/operator` is on a server that renders pages: nothing that needs a DOM. */
export const WebhooksOperatorElement = undefined;
