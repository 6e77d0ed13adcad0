import { fieldProblem } from '../../domain/field-problems.js';
import { InvalidWebhookInputError } from '../../domain/webhooks.error.js';
import type { WebhookPage } from '../../persistence/webhook-log.repository.js';

/** One page of a list. */
export interface WebhookPageView<View> {
  data: View[];
  /** For the `cursor` of the next page; `null` on the last one. */
  nextCursor: string | null;
}

/** @throws InvalidWebhookInputError for a limit that is no count */
export function checkLimit({ limit }: WebhookPage): void {
  if (Number.isSafeInteger(limit) && limit >= 1) return;
  const message = `limit must be a whole number, 1 or more, got ${String(limit)}.`;
  throw new InvalidWebhookInputError([fieldProblem('limit', message, 'not-whole-number')]);
}

/**
 * Asks for one row more than a page has, which tells whether there is a next one.
 * @throws InvalidWebhookInputError for a limit that is no count
 */
export async function pageOf<Row extends { id: string }, View>(
  page: WebhookPage,
  load: (page: WebhookPage) => Promise<Row[]>,
  views: (rows: readonly Row[]) => View[] | Promise<View[]>,
): Promise<WebhookPageView<View>> {
  const { limit } = page;
  checkLimit(page);
  const rows = await load({ ...page, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  return { data: await views(shown), nextCursor: rows.length > limit ? shown.at(-1)!.id : null };
}
