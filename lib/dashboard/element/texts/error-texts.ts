import { ApiError } from '../api/api-error.js';
import type { WebhookFieldProblem } from '../api/api-types.js';
import { duration } from '../parts/time.js';
import { language } from './language.js';
import type { TextKey } from './catalogue.js';
import { t } from './t.js';

type PlainKey = Extract<TextKey, `error.${string}`> &
  (
    | 'error.foreign'
    | 'error.unreachable'
    | 'error.script'
    | 'error.request-headers'
    | 'error.tenant-missing'
    | 'error.gone'
    | 'error.endpoint-inactive'
    | 'error.delivery-in-flight'
    | 'error.secret-changing'
    | 'error.secret-unavailable'
    | 'error.database-busy'
  );

const BY_CODE: Readonly<Record<string, PlainKey>> = {
  foreign: 'error.foreign',
  unreachable: 'error.unreachable',
  script: 'error.script',
  'request-headers': 'error.request-headers',
  'webhooks/tenant-missing': 'error.tenant-missing',
  'webhooks/not-found': 'error.gone',
  'webhooks/endpoint-inactive': 'error.endpoint-inactive',
  'webhooks/delivery-in-flight': 'error.delivery-in-flight',
  'webhooks/secret-changing': 'error.secret-changing',
  'webhooks/secret-unavailable': 'error.secret-unavailable',
  'webhooks/database-busy': 'error.database-busy',
};

function refusedText(code: string): string | undefined {
  const key = `refused.${code.slice('webhooks/'.length)}`;
  return language().has(key) ? t(key as 'refused.paused') : undefined;
}

/** Words an error for the reader, by its code and status. Messages of guards and proxies are for programs. */
export function errorText({ code, status, details, retryAfter }: ApiError): string {
  const key = BY_CODE[code];
  if (key) return t(key);
  if (details.length > 0) return details.map((one) => problemText(one, '')).join(' ');
  const refused = refusedText(code);
  if (refused) return refused;
  if (code === 'no-api-url')
    return t('error.no-api-url', { example: '<webhooks-dashboard api-url="/webhooks">' });
  if (status === 401) return t('error.signed-out');
  if (status === 403) return t('error.forbidden');
  if (status === 404) return t('error.gone');
  if (status === 413) return t('error.too-large');
  if (status === 429) {
    return retryAfter > 0
      ? t('error.too-many-for', { time: duration(retryAfter * 1_000) })
      : t('error.too-many');
  }
  return status >= 500 ? t('error.server') : t('error.refused', { status: String(status) });
}

/**
 * Words the problem of a field by its code, or with the route's message if the code is unknown.
 * @param place the field beside which the text appears, so that the text need not name it
 */
export function problemText({ field, code, params, message }: WebhookFieldProblem, place = field): string {
  const key = `invalid.${code}`;
  if (!language().has(key)) return message;
  const text = t(key as 'invalid.rule', params as { rule: string });
  return place === field ? text : `${field}: ${text}`;
}

/** Words the error of one item in a batch. */
export function codeText(code: string): string {
  const key = BY_CODE[code];
  return key ? t(key) : (refusedText(code) ?? t('error.too-many'));
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return errorText(error);
  console.error(error);
  return t('error.own');
}
