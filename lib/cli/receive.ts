import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { arrivedEvent } from '../testing/arrived-event.js';
import { readBody } from '../testing/webhook-arrival.js';
import { command, UsageError, type Say } from './command.js';
import type { ArrivedRequest, Verdict } from './signatures.js';
import { duration, shownLines, wholeNumber } from './values.js';
import { isVerified, verification, VERIFICATION_OPTIONS } from './verification-options.js';

const MOST_BODY_BYTES = 10 * 1024 * 1024;
const MAX_DELAY_MS = 10 * 60_000;

export const receive = command(
  {
    summary: 'Receive webhooks on this machine, verify them and print what comes',
    description: `A receiver to develop against: it takes every path, prints each request and says whether its signatures are right.

  nestjs-webhooks receive --secret whsec_…
  nestjs-webhooks receive --port 9000 --status 503        to see the retries

An app sends to it with network: { allowHttp: true, allowPrivateNetworks: true }, which production must not have.`,
    arguments: [],
    options: {
      port: {
        type: 'string',
        short: 'p',
        value: 'port',
        default: '4000',
        text: 'The port; 0 for any that is free',
      },
      host: { type: 'string', value: 'address', default: '127.0.0.1', text: 'The address to listen on' },
      ...VERIFICATION_OPTIONS,
      status: { type: 'string', value: 'status', default: '204', text: 'The status to answer with' },
      delay: { type: 'string', value: 'duration', default: '0s', text: 'How long to wait before the answer' },
      count: {
        type: 'string',
        value: 'number',
        text: 'End after so many requests: with 1 where one was not verified',
      },
      quiet: { type: 'boolean', text: 'Leave out headers and bodies' },
      json: { type: 'boolean', text: 'Print one line of JSON for each request' },
    },
  },
  async ({ values }, say) => {
    const judge = verification(values);
    const port = wholeNumber('port', values.port, 0, 65_535);
    const status = wholeNumber('status', values.status, 200, 599);
    const delayMs = duration('delay', values.delay);
    if (delayMs > MAX_DELAY_MS) throw new UsageError('--delay must be 10m at most.');
    const count = values.count === undefined ? Infinity : wholeNumber('count', values.count, 1, 1_000_000);
    const print = values.json ? inJson : values.quiet ? inShort : inFull;
    let url = '';
    let left = count;
    let allVerified = true;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await readBody(request, MOST_BODY_BYTES).catch(() => null);
      // The sender disconnected before the body was complete.
      if (body === null) return;
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const at = new Date();
      const path = request.url ?? '/';
      const arrived: Arrival = {
        at: at.toISOString(),
        method: request.method ?? '',
        path,
        headers,
        body: body ?? Buffer.alloc(0),
        verdicts: judge.hasKeys
          ? judge.verdicts({ headers, body: body ?? Buffer.alloc(0) }, at.getTime(), `${url}${path}`)
          : [],
        status: body ? status : 413,
      };
      allVerified &&= isVerified(arrived.verdicts);
      print(arrived, say);
      const isLast = --left === 0;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      response.writeHead(arrived.status).end(() => isLast && end());
    };
    const server = createServer((request, response) => void take(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(new UsageError(`It can't listen: ${cause.message}. Give another --port.`)),
      );
      server.listen(port, values.host, resolve);
    });
    const { address, family, port: open } = server.address() as AddressInfo;
    url = `http://${family === 'IPv6' ? `[${address}]` : address}:${open}`;
    say(values.json ? JSON.stringify({ listening: url }) : `Listening on ${url}. Ctrl+C ends it.`);
    if (!values.json && !judge.hasKeys) say('No secret was given: nothing is verified. See --secret.');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
    await ended;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return count === Infinity || allVerified || !judge.hasKeys ? 0 : 1;
  },
);

interface Arrival extends ArrivedRequest {
  /** ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly verdicts: readonly Verdict[];
  /** The status of the response. */
  readonly status: number;
}

function inJson(arrival: Arrival, say: Say): void {
  const { verdicts, body, ...rest } = arrival;
  const { data: _, ...event } = arrivedEvent(arrival);
  say(
    JSON.stringify({
      ...rest,
      event,
      verified: isVerified(verdicts),
      signatures: verdicts,
      body: body.toString('utf8'),
    }),
  );
}

function inShort(arrival: Arrival, say: Say): void {
  const { at, method, path, headers, body, verdicts, status } = arrival;
  const { representation, id, type } = arrivedEvent(arrival);
  const parts = [type, id, representation === 'envelope' ? null : representation].filter(
    (part) => part !== null,
  );
  const attempt = headers['x-webhook-attempt'];
  say(
    shownLines(
      `${at} ${method} ${path} ${parts.join(' ')}${attempt ? `, attempt ${attempt}` : ''}, ${body.length} bytes, answered ${status}`,
    ),
  );
  for (const { scheme, header, verified, problem } of verdicts) {
    const verdict = verified ? 'right' : verified === null ? 'not verified' : 'WRONG';
    say(`  ${scheme} (${header}): ${verdict}${problem ? `. ${problem}` : ''}`);
  }
}

function inFull(arrival: Arrival, say: Say): void {
  inShort(arrival, say);
  for (const [name, value] of Object.entries(arrival.headers)) say(shownLines(`  ${name}: ${value}`));
  const lines = shownLines(readable(arrival.body.toString('utf8'))).split('\n');
  say(['', ...lines.map((line) => `  ${line}`), ''].join('\n'));
}

function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
