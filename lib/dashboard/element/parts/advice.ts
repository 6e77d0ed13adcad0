import type { WebhookAttemptView } from '../api/api-types.js';
import { duration } from './time.js';

/** What a person can make of an attempt that did not succeed. */
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

/** `undefined` where it succeeded. */
export function adviceFor(
  { outcome, error, statusCode }: Pick<WebhookAttemptView, 'outcome' | 'error' | 'statusCode'>,
  sent: Sent,
): Advice | undefined {
  if (outcome === 'succeeded') return undefined;
  if (error) return ofError(error.code, hostOf(sent.url), sent.timeoutMs) ?? other(error.message);
  return statusCode === null ? other('No answer came.') : ofStatus(statusCode);
}

function ofError(code: string, host: string, timeoutMs: number | undefined): Advice | undefined {
  switch (code) {
    case 'timeout':
      return {
        problem:
          timeoutMs === undefined
            ? 'No complete answer came in time.'
            : `No complete answer within ${duration(timeoutMs)}.`,
        advice: 'Respond with 2xx first, then process. Check that no firewall drops the request.',
      };
    case 'dns':
      return {
        problem: `The name ${host} could not be found.`,
        advice: 'Check the spelling of the host. A new name can take a while until it is known everywhere.',
      };
    case 'connection':
      return {
        problem: `There was no connection to ${host}, or it broke.`,
        advice:
          'Check that the server is running, that the port is right and that a firewall lets requests in.',
      };
    case 'tls':
      return {
        problem: `A secure connection to ${host} could not be made.`,
        advice:
          'Check that its certificate is valid, is for this host and is sent with the intermediate certificates.',
      };
    case 'refused-destination':
      return {
        problem: `Requests may not go to ${host}.`,
        advice: 'Use a host on the public internet: its name must not point to a private or local address.',
      };
    case 'invalid-response':
      return {
        problem: 'The answer could not be read as HTTP.',
        advice:
          'Check that the port is that of a web server, and that nothing in between changes the answer.',
      };
    case 'signing-failed':
      return {
        problem: 'We could not sign the request, and did not send it.',
        advice: 'Nothing to do: the event is sent later.',
      };
    case 'interrupted':
      return {
        problem: 'We restarted before your answer was complete.',
        advice: 'Nothing to do: the event is sent again. Your server may have received this request.',
      };
    default:
      return undefined;
  }
}

function ofStatus(status: number): Advice {
  if (status >= 500) return { problem: 'Your server returned an error.', advice: serverAdvice(status) };
  if (status >= 300 && status < 400) {
    return {
      problem: 'Your server redirected the request.',
      advice: 'Redirects are not followed. Change the URL to the final URL.',
    };
  }
  return CLIENT_ADVICE[status] ?? other('Only a status from 200 to 299 says that the event was received.');
}

const serverAdvice = (status: number): string =>
  status >= 502 && status <= 504
    ? 'The application behind your proxy is down, overloaded or too slow. Look at the logs of both.'
    : 'Look at the log of your server at the time of this request.';

const TURNED_AWAY: Advice = {
  problem: 'Your server turned the request away.',
  advice:
    'If it wants credentials, add them as a custom header. If your code verifies the signature, check its secret, and that it verifies the raw body.',
};
const NOT_UNDERSTOOD: Advice = {
  problem: 'Your server did not accept the request.',
  advice: 'The response may say why. The body is JSON, sent by POST.',
};
const CLIENT_ADVICE: Readonly<Record<number, Advice>> = {
  400: NOT_UNDERSTOOD,
  401: TURNED_AWAY,
  403: TURNED_AWAY,
  404: {
    problem: 'Your server has nothing at this URL.',
    advice: 'Check the path of the URL, and that your server takes POST requests there.',
  },
  405: {
    problem: 'Your server takes no POST requests at this URL.',
    advice: 'Check the path of the URL, and that its route is one for POST.',
  },
  410: {
    problem: 'Your server says that it wants nothing more at this URL.',
    advice: 'Outside of a test, 410 turns the webhook off. Answer another status, or change the URL.',
  },
  413: {
    problem: 'The body is too large for your server.',
    advice: 'Let bodies of 300 KB through, in your application and in the proxy before it.',
  },
  415: NOT_UNDERSTOOD,
  422: NOT_UNDERSTOOD,
  429: {
    problem: 'Your server gets too many requests.',
    advice: 'Give the webhook a rate limit, or allow more on your side.',
  },
};

const other = (problem: string): Advice => ({ problem, advice: 'The response may say more.' });

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'the host';
  }
}
