import { errors } from 'undici';
import { INTERRUPTED, REPRESENTATION_FAILED, SIGNING_FAILED } from '../domain/outcome.js';
import { OversizedResponseError } from './connection-pool.js';
import { InvalidInterimResponseError } from './interim-responses.js';
import { NameLookupError, RefusedDestinationError, TlsHandshakeError } from './guarded-connector.js';
import { ProxyError, UnreachedThroughProxyError } from './proxy-tunnel.js';
import { tlsMessage } from './tls-message.js';

export type SendErrorCode =
  | 'timeout'
  | 'dns'
  | 'connection'
  | 'tls'
  | 'proxy'
  | 'authorization'
  | 'refused-destination'
  | 'invalid-response'
  | typeof INTERRUPTED
  | typeof REPRESENTATION_FAILED
  | typeof SIGNING_FAILED
  | 'unsent';

/** Why a request has no (complete) response. `message` is for people, and contains nothing of the URL. */
export interface SendError {
  readonly code: SendErrorCode;
  readonly message: string;
}

/** One text for every refusal: the rule or the address would tell a customer about our network. */
export const REFUSED_DESTINATION: SendError = {
  code: 'refused-destination',
  message: 'The destination is not allowed: its host must be public and must only have public addresses.',
};

/** Operators find the place and the reason in the app's log. */
const NO_TUNNEL: SendError = {
  code: 'proxy',
  message: 'The request could not leave the sender’s network. Nothing was sent to your server.',
};

/** We did not wait for the rest of the answer. The receiver may have got the request. */
export const CUT: SendError = {
  code: INTERRUPTED,
  message: 'The sender stopped before the response was complete. The receiver may have got the request.',
};

/** Nothing of the request left this process. It is never recorded as an attempt. */
export const UNSENT: SendError = { code: 'unsent', message: 'the sender stops, and has sent nothing' };

/** A scheme of the app's own failed, so no request was made. */
export const UNSIGNED: SendError = {
  code: SIGNING_FAILED,
  message: 'The request could not be signed, and was not sent.',
};

const CONNECTION_MESSAGES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the server',
  EPIPE: 'connection closed by the server',
  UND_ERR_SOCKET: 'connection closed by the server before its response was complete',
  ETIMEDOUT: 'connecting timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'no route to the address from here',
  UND_ERR_INVALID_ARG: 'the request has a header that can not be sent',
  EMFILE: 'too many open files on the sending side',
};

const NOT_HTTP = 'the response is not valid HTTP/1.1';

const INVALID_RESPONSE_MESSAGES: Readonly<Record<string, string>> = {
  // undici fails an assertion for a status below 100.
  ERR_ASSERTION: NOT_HTTP,
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the response are larger than 16 KiB',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the body of the response is not as long as its content-length',
};

/**
 * Turns an error of undici, Node or our connector into the one that is recorded. Goes by its code, since texts differ
 * between versions of Node.
 */
export function toSendError(error: unknown): SendError {
  if (error instanceof RefusedDestinationError) return REFUSED_DESTINATION;
  if (error instanceof NameLookupError) return { code: 'dns', message: lookupMessage(error) };
  if (error instanceof TlsHandshakeError) return { code: 'tls', message: tlsMessage(errorCode(error.cause)) };
  if (error instanceof ProxyError) return NO_TUNNEL;
  if (error instanceof UnreachedThroughProxyError) return { code: 'connection', message: 'host unreachable' };
  const code = errorCode(error);
  if (code.startsWith('ERR_SSL_')) return { code: 'tls', message: tlsMessage(code) };
  const invalid = invalidResponseMessage(error, code);
  if (invalid) return { code: 'invalid-response', message: invalid };
  return { code: 'connection', message: CONNECTION_MESSAGES[code] ?? `connection failed (${code})` };
}

function lookupMessage({ code }: NameLookupError): string {
  if (code === undefined || code === 'ENOTFOUND' || code === 'ENODATA') return 'name not found';
  return code === 'EAI_AGAIN' || code === 'ETIMEOUT'
    ? 'the name server did not answer'
    : `name lookup failed (${code})`;
}

function invalidResponseMessage(error: unknown, code: string): string | undefined {
  if (error instanceof errors.HTTPParserError) return NOT_HTTP;
  if (error instanceof OversizedResponseError) return 'the response is too large without its body';
  if (error instanceof InvalidInterimResponseError) {
    return 'the server answered with an interim response (1xx) that switches to another protocol, or does not end';
  }
  return INVALID_RESPONSE_MESSAGES[code];
}

/** The code of the address that was tried last: the first one is often IPv6 on a machine without IPv6. */
function errorCode(error: unknown): string {
  if (error instanceof AggregateError) return errorCode(error.errors.at(-1));
  if (typeof error !== 'object' || error === null) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
