/** Headers as `fetch`, Node or a serverless platform gives them. */
export type ReceivedWebhookHeaders =
  Pick<Headers, 'get'> | Readonly<Record<string, string | string[] | undefined>>;

/** The value of a header, several joined by a space; `undefined` if there is none. `name` is in lower case. */
export function headerOf(headers: ReceivedWebhookHeaders, name: string): string | undefined {
  if (isGetter(headers)) return headers.get(name) ?? undefined;
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name);
  const value: unknown = key === undefined ? undefined : headers[key];
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' ? value : undefined;
}

const isGetter = (headers: ReceivedWebhookHeaders): headers is Pick<Headers, 'get'> =>
  typeof headers.get === 'function';
