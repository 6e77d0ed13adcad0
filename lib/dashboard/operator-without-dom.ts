/** `nestjs-webhooks/operator` on a server that renders pages: it uses no DOM. */
export const WebhooksOperatorElement = undefined;
