/** One page of a list. */
export interface WebhookPageView<View> {
  data: View[];
  /** For the `cursor` of the next page; `null` on the last one. */
  nextCursor: string | null;
}

/** @param rows one more than `limit` where there is a next page */
export function pageView<Row extends { id: string }, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
): WebhookPageView<View> {
  const page = rows.slice(0, limit);
  return { data: page.map(view), nextCursor: rows.length > limit ? page.at(-1)!.id : null };
}
