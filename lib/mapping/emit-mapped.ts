import type { FromArguments, WebhookMappingOptions } from '../config/webhook-event-options.js';
import type { WebhooksService } from '../webhooks.service.js';

/** Emits what happened in the app as a webhook, as its mapping says. */
export async function emitMapped<Arguments extends readonly unknown[]>(
  webhooks: Pick<WebhooksService, 'emit'>,
  type: string,
  mapping: WebhookMappingOptions<Arguments>,
  args: Arguments,
): Promise<void> {
  if (mapping.when && !mapping.when(...args)) return;
  const data = mapping.data ? mapping.data(...args) : args[0];
  const tenant = valueOf(mapping.tenant, args);
  const idempotencyKey = valueOf(mapping.idempotencyKey, args);
  const manager = mapping.manager?.(...args);
  await webhooks.emit(type, data, {
    ...(tenant === undefined ? {} : { tenant }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(manager === undefined ? {} : { manager }),
  });
}

function valueOf<Arguments extends readonly unknown[], Value>(
  source: FromArguments<Arguments, Value> | undefined,
  args: Arguments,
): Value | undefined {
  return typeof source === 'function' ? (source as (...values: Arguments) => Value)(...args) : source;
}
