import type { WebhookDeliveryView } from '../api/api-types.js';

/**
 * One delivery in the file. `payload` is present if the reader asked for payloads, and `null` if it is no
 * longer kept.
 */
export type ExportedDelivery = WebhookDeliveryView & { readonly payload?: string | null };

const COLUMNS = [
  'id',
  'eventId',
  'eventType',
  'endpointId',
  'status',
  'test',
  'attemptCount',
  'statusCode',
  'errorCode',
  'durationMs',
  'createdAt',
  'completedAt',
  'nextAttemptAt',
] as const satisfies readonly (keyof WebhookDeliveryView)[];

/**
 * Formats rows as CSV (RFC 4180). Only the payload needs quotes: ids, types, codes, numbers and times contain
 * no special characters. A payload that looks like a formula gets an apostrophe, so that a spreadsheet does
 * not run it.
 */
export function csvOf(rows: readonly ExportedDelivery[]): string {
  const hasPayloads = rows.some(({ payload }) => payload !== undefined);
  const payloadOf = ({ payload }: ExportedDelivery): string =>
    payload ? `"${payload.replace(/^[=+@\t\r-]/, "'$&").replaceAll('"', '""')}"` : '';
  return [
    [...COLUMNS, ...(hasPayloads ? ['payload'] : [])],
    ...rows.map((row) => [
      ...COLUMNS.map((name) => row[name] ?? ''),
      ...(hasPayloads ? [payloadOf(row)] : []),
    ]),
  ]
    .map((values) => `${values.join(',')}\r\n`)
    .join('');
}

/** Offers a file to the reader as a download. */
export function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // By then, the browser has begun to read the URL.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
