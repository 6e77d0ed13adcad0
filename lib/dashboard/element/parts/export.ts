import type { WebhookDeliveryView } from '../api/api-types.js';

/** What a file has of a delivery; with its payload where the reader asks for that, `null` where it is no longer kept. */
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
 * RFC 4180. No value has a quote, a comma or what a spreadsheet takes for a formula (ids, types, codes, numbers and times)
 * but the payload, which the app may give any form: where that looks like a formula, an apostrophe keeps it a text.
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

/** Gives a file to the reader. */
export function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
