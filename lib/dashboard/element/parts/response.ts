import { html, type TemplateResult } from 'lit';
import { t } from '../texts/t.js';

const KNOWN = [
  'timeout',
  'dns',
  'connection',
  'tls',
  'authorization',
  'refused-destination',
  'invalid-response',
  'proxy',
  'interrupted',
  'signing-failed',
  'representation-failed',
  'endpoint-deleted',
  'endpoint-inactive',
  'not-sent',
  'moved',
] as const;

/** Error codes of attempts without a complete response. */
export const ERROR_CODES: readonly string[] = KNOWN.slice(0, 7);

/** Describes why there was no complete response, or why nothing was sent. */
export function errorWords(code: string): string {
  const known = KNOWN.find((one) => one === code);
  return known ? t(`response.${known}`) : code;
}

interface Response {
  readonly statusCode: number | null;
  readonly errorCode: string | null;
}

/** `503` or `Timed out`. If both a status and an error exist, the error says more. */
export const responseWords = ({ statusCode, errorCode }: Response): string | null =>
  errorCode === null ? (statusCode?.toString() ?? null) : errorWords(errorCode);

export const lastResponse = (response: Response): TemplateResult =>
  html`<span class=${responseWords(response) === null ? 'muted' : 'numeric'}
    >${responseWords(response) ?? t('response.none-yet')}</span
  >`;
