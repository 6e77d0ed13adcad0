import { setTimeout } from 'node:timers/promises';
import { In, type DataSource } from 'typeorm';
import { WebhooksError } from '../domain/webhooks.error.js';
import type { WebhookLogFilter } from '../persistence/log-filter.js';
import { WebhookDelivery } from '../persistence/webhook-delivery.entity.js';
import { actingAs } from '../domain/actor.js';
import type { WebhooksOperator } from '../operation/operator/webhooks-operator.js';
import { UsageError } from './command.js';
import { withWebhooks } from './webhooks-of.js';

const PAGE = 200;

interface Chosen {
  readonly id: string;
}

export interface Resent {
  readonly resent: number;
  readonly refused: readonly { readonly id: string; readonly code: string; readonly message: string }[];
}

/** The deliveries with these ids, or of the events with these ids. @throws UsageError for an unknown id */
export async function deliveriesOf(
  dataSource: DataSource,
  ids: readonly string[],
): Promise<readonly Chosen[]> {
  const deliveries = await dataSource.manager.find(WebhookDelivery, {
    select: { id: true, eventId: true },
    where: [{ id: In(ids) }, { eventId: In(ids) }],
    order: { id: 'ASC' },
  });
  const known = new Set(deliveries.flatMap(({ id, eventId }) => [id, eventId]));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new UsageError(`There is no delivery of ${unknown}. Has retention deleted it?`);
  return deliveries;
}

/** Counts them, up to `limit`. */
export const found = (
  dataSource: DataSource,
  filter: WebhookLogFilter,
  limit: number,
): Promise<{ count: number; isMore: boolean }> =>
  withWebhooks(dataSource, async (_, operator) => {
    let count = 0;
    for await (const page of pages(operator, filter)) {
      count += page.length;
      if (count > limit) return { count: limit, isMore: true };
    }
    return { count, isMore: false };
  });

/** Makes them due at a rate per second, recorded as done by the operator `actor`. Reports the ones that can't be resent, and continues. */
export const sendAgain = (
  dataSource: DataSource,
  chosen: readonly Chosen[] | { readonly filter: WebhookLogFilter; readonly limit: number },
  { perSecond, actor }: { readonly perSecond: number; readonly actor: string },
): Promise<Resent> =>
  withWebhooks(dataSource, async (_, operator) => {
    const refused: Resent['refused'][number][] = [];
    let resent = 0;
    const startedAt = performance.now();
    for await (const { id } of 'limit' in chosen ? ofFilter(operator, chosen) : chosen) {
      const dueMs = startedAt + ((resent + refused.length) * 1_000) / perSecond - performance.now();
      if (dueMs > 0) await setTimeout(dueMs);
      try {
        await actingAs(
          () => ({ kind: 'operator', id: actor }),
          () => operator.deliveries.resend(id),
        );
        resent++;
      } catch (error) {
        if (!(error instanceof WebhooksError)) throw error;
        refused.push({ id, code: error.code, message: error.message });
      }
    }
    return { resent, refused };
  });

async function* ofFilter(
  operator: WebhooksOperator,
  { filter, limit }: { readonly filter: WebhookLogFilter; readonly limit: number },
): AsyncGenerator<Chosen> {
  let left = limit;
  for await (const page of pages(operator, filter)) {
    for (const { id } of page.slice(0, left)) yield { id };
    left -= page.length;
    if (left <= 0) return;
  }
}

async function* pages(
  operator: WebhooksOperator,
  filter: WebhookLogFilter,
): AsyncGenerator<readonly { id: string }[]> {
  let cursor: string | null = null;
  do {
    const { data, nextCursor }: { data: readonly { id: string }[]; nextCursor: string | null } =
      await operator.deliveries.list(filter, { limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    yield data;
    cursor = nextCursor;
  } while (cursor !== null);
}
