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

/** Of an attempt that had no whole response. */
export const ERROR_CODES: readonly string[] = KNOWN.slice(0, 7);

/** Why there was no whole response, or nobody to send to. */
export function errorWords(code: string): string {
  const known = KNOWN.find((one) => one === code);
  return known ? t(`response.${known}`) : code;
}

interface Response {
  readonly statusCode: number | null;
  readonly errorCode: string | null;
}

/** `503`, or `Timed out`: a status that came before an error says less than the error. */
export const responseWords = ({ statusCode, errorCode }: Response): string | null =>
  errorCode === null ? (statusCode?.toString() ?? null) : errorWords(errorCode);

export const lastResponse = (response: Response): TemplateResult =>
  html`<span class=${responseWords(response) === null ? 'muted' : 'numeric'}
    >${responseWords(response) ?? t('response.none-yet')}</span
  >`;
