import type { WebhookDeliveryView } from '../api/api-types.js';

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

/** RFC 4180. No value has a quote, a comma or what a spreadsheet takes for a formula: ids, types, codes, numbers and times. */
export const csvOf = (rows: readonly WebhookDeliveryView[]): string =>
  [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => row[name] ?? ''))]
    .map((values) => `${values.join(',')}\r\n`)
    .join('');

/** Gives a file to the reader. */
export function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
