import { html, type TemplateResult } from 'lit';

const WORDS: Readonly<Record<string, string>> = {
  timeout: 'Timed out',
  dns: 'Host not found',
  connection: 'No connection',
  tls: 'TLS failed',
  proxy: 'Proxy failed',
  authorization: 'No access token',
  'refused-destination': 'Address not allowed',
  'invalid-response': 'Invalid response',
  interrupted: 'Interrupted',
  'signing-failed': 'Not signed',
  'endpoint-deleted': 'Webhook deleted',
  'endpoint-inactive': 'Webhook was off',
  'not-sent': 'Not sent',
};

/** Of an attempt that had no whole response. */
export const ERROR_CODES = [
  'timeout',
  'dns',
  'connection',
  'tls',
  'authorization',
  'refused-destination',
  'invalid-response',
];

/** Why there was no whole response, or nobody to send to. */
export const errorWords = (code: string): string => WORDS[code] ?? code;

interface Response {
  readonly statusCode: number | null;
  readonly errorCode: string | null;
}

/** `503`, or `Timed out`: a status that came before an error says less than the error. */
export const responseWords = ({ statusCode, errorCode }: Response): string | null =>
  errorCode === null ? (statusCode?.toString() ?? null) : errorWords(errorCode);

export const lastResponse = (response: Response): TemplateResult =>
  html`<span class=${responseWords(response) === null ? 'muted' : 'numeric'}
    >${responseWords(response) ?? 'None yet'}</span
  >`;
