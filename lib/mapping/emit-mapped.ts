import { isPromise } from 'node:util/types';
import type { EntityManager } from 'typeorm';
import type {
  FromArguments,
  WebhookMappingOptions,
  WebhooksTransaction,
} from '../config/webhook-event-options.js';
import type { WebhooksService } from '../webhooks.service.js';

type Given = [
  unknown,
  string | undefined,
  string | undefined,
  EntityManager | undefined,
  WebhooksTransaction | undefined,
];

/** Emits a webhook for something that happened in the app, as its mapping says. The data is taken as it is now. */
export async function emitMapped<Arguments extends readonly unknown[]>(
  webhooks: Pick<WebhooksService, 'emit'>,
  type: string,
  mapping: WebhookMappingOptions<Arguments>,
  args: Arguments,
): Promise<void> {
  const wanted = mapping.when ? mapping.when(...args) : true;
  if (!(isPromise(wanted) ? await wanted : wanted)) return;
  const given = [
    () => (mapping.data ? mapping.data(...args) : args[0]),
    () => valueOf(mapping.tenant, args),
    () => valueOf(mapping.idempotencyKey, args),
    () => mapping.manager?.(...args),
    () => mapping.transaction?.(...args),
  ].map(resultOf);
  const values = given.some(isPromise) ? await Promise.all(given) : given;
  const [data, tenant, idempotencyKey, manager, transaction] = values as Given;
  await webhooks.emit(type, data, {
    ...(tenant === undefined ? {} : { tenant }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(manager === undefined ? {} : { manager }),
    ...(transaction === undefined ? {} : { transaction }),
  });
}

function valueOf<Arguments extends readonly unknown[], Value>(
  source: FromArguments<Arguments, Value> | undefined,
  args: Arguments,
): unknown {
  return typeof source === 'function' ? (source as (...values: Arguments) => unknown)(...args) : source;
}

/** If one function throws, the promise of another must not stay unhandled. */
function resultOf(give: () => unknown): unknown {
  try {
    return give();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}
