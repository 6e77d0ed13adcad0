import type { WebhookAttemptView } from '../api/api-types.js';
import { duration } from './time.js';
import { t } from '../texts/t.js';

/** Advice on an attempt that failed. */
export interface Advice {
  readonly problem: string;
  readonly advice: string;
}

interface Sent {
  readonly url: string;
  readonly timeoutMs: number | undefined;
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** `404 Not Found`. */
export const statusWords = (status: number): string => `${status} ${STATUS_WORDS[status] ?? ''}`.trim();

/** `undefined` if it succeeded. */
export function adviceFor(
  { outcome, error, statusCode }: Pick<WebhookAttemptView, 'outcome' | 'error' | 'statusCode'>,
  sent: Sent,
): Advice | undefined {
  if (outcome === 'succeeded') return undefined;
  if (error) return ofError(error.code, hostOf(sent.url), sent.timeoutMs) ?? other(error.message);
  return statusCode === null ? other(t('advice.no-answer')) : ofStatus(statusCode);
}

function ofError(code: string, host: string, timeoutMs: number | undefined): Advice | undefined {
  switch (code) {
    case 'timeout':
      return {
        problem:
          timeoutMs === undefined
            ? t('advice.timeout')
            : t('advice.timeout-of', { time: duration(timeoutMs) }),
        advice: t('advice.timeout.do'),
      };
    case 'dns':
    case 'connection':
    case 'tls':
    case 'refused-destination':
      return { problem: t(`advice.${code}`, { host }), advice: t(`advice.${code}.do`) };
    case 'representation-failed':
    case 'signing-failed':
      return { problem: t(`advice.${code}`), advice: t('advice.later.do') };
    case 'proxy':
      return { problem: t('advice.kept-in'), advice: t('advice.later.do') };
    case 'authorization':
    case 'invalid-response':
    case 'interrupted':
      return { problem: t(`advice.${code}`), advice: t(`advice.${code}.do`) };
    default:
      return undefined;
  }
}

function ofStatus(status: number): Advice {
  if (status >= 500) {
    const isProxy = status >= 502 && status <= 504;
    return { problem: t('advice.server'), advice: t(isProxy ? 'advice.proxy.do' : 'advice.server.do') };
  }
  const kind = KINDS[status] ?? (status >= 300 && status < 400 ? 'redirect' : undefined);
  return kind
    ? { problem: t(`advice.${kind}`), advice: t(`advice.${kind}.do`) }
    : other(t('advice.other-status'));
}

const KINDS = {
  400: 'not-understood',
  401: 'turned-away',
  403: 'turned-away',
  404: '404',
  405: '405',
  410: '410',
  413: '413',
  415: 'not-understood',
  422: 'not-understood',
  429: '429',
} as const as Readonly<
  Record<number, 'not-understood' | 'turned-away' | '404' | '405' | '410' | '413' | '429'>
>;

const other = (problem: string): Advice => ({ problem, advice: t('advice.see-response') });

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return t('advice.the-host');
  }
}
