import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { arrivedEvent } from '../testing/arrived-event.js';
import { command, UsageError } from './command.js';
import type { ArrivedRequest } from './signatures.js';
import { time } from './values.js';
import { isVerified, verification, VERIFICATION_OPTIONS } from './verification-options.js';

export const verify = command(
  {
    summary: 'Tell whether a request is signed as it should be, and if not, why',
    description: `Verifies the body and the headers of a request that arrived, with each signature that is found in its headers.

  nestjs-webhooks verify body.json --headers headers.txt --secret whsec_…
  curl -s https://example.com/saved | nestjs-webhooks verify -H 'webhook-id: evt_…' -H 'webhook-signature: v1,…' …

Where a signature is wrong, it tries what usually is: a body that was parsed and written again, a line break, white space around
the secret, a time that is long ago. Of a saved request, --at tells when it arrived, or --tolerance any takes any time.`,
    arguments: [
      { name: 'body', optional: true, text: 'The file with the raw body; - or none for standard input' },
    ],
    options: {
      header: {
        type: 'string',
        short: 'H',
        multiple: true,
        value: 'name: value',
        text: 'A header of the request',
      },
      headers: {
        type: 'string',
        value: 'file',
        text: 'A file with the headers: a line of name: value each, or a JSON object',
      },
      ...VERIFICATION_OPTIONS,
      at: {
        type: 'string',
        value: 'time',
        text: 'When it arrived, in ISO 8601, or how long ago. Default: now',
      },
      json: { type: 'boolean', text: 'Tell it as JSON' },
    },
  },
  async ({ values, positionals: [file] }, say) => {
    const judge = verification(values);
    if (!judge.hasKeys)
      throw new UsageError('Give the webhook’s secret with --secret or WEBHOOK_SECRET, or --public-key.');
    const headers = { ...headersOfFile(values.headers), ...headersOf(values.header) };
    if (Object.keys(headers).length === 0)
      throw new UsageError('Give the headers of the request with --header or --headers.');
    const request: ArrivedRequest = { headers, body: await bodyOf(file) };
    const now = values.at === undefined ? Date.now() : time('at', values.at, Date.now());
    const verdicts = judge.verdicts(request, now, '');
    const verified = isVerified(verdicts);
    if (values.json) {
      const { data: _, ...event } = arrivedEvent(request);
      say(JSON.stringify({ verified, signatures: verdicts, event }));
      return verified ? 0 : 1;
    }
    if (verdicts.length === 0) say('There is no signature in the headers.');
    for (const { scheme, header, verified: isRight, problem } of verdicts)
      say(
        `${scheme} (${header}): ${isRight ? 'right' : isRight === null ? 'not verified' : 'wrong'}${problem ? `. ${problem}` : ''}`,
      );
    say(verified ? 'The request is genuine.' : 'The request must not be trusted.');
    return verified ? 0 : 1;
  },
);

async function bodyOf(file: string | undefined): Promise<Buffer> {
  if (file === undefined || file === '-') return buffer(process.stdin);
  return read(file);
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError(`${file} can't be read: ${(cause as Error).message}`);
  }
}

function headersOfFile(file: string | undefined): Record<string, string> {
  if (file === undefined) return {};
  const text = read(file).toString('utf8');
  if (text.trimStart().startsWith('{')) {
    try {
      const headers = JSON.parse(text) as Record<string, unknown>;
      return Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]),
      );
    } catch (cause) {
      throw new UsageError(`${file} is no JSON object: ${(cause as Error).message}`);
    }
  }
  // The first line may be the request line.
  return headersOf(
    text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^[A-Z]+ \S+ HTTP\/\S+$/.test(line)),
  );
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === undefined) throw new UsageError(`A header is 'name: value', got '${line}'.`);
      return [name.toLowerCase(), value!];
    }),
  );
}
