import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSecretValue } from '../../lib/domain/secret.js';
import { IS_FULL_RUN } from '../support/daily.js';
import {
  FRAMEWORK_PROGRAMS,
  frameworksOf,
  missingFor,
  ServedFrameworks,
} from '../support/documented-frameworks.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { casesAt } from '../support/signature-cases.js';

const GUIDE = readFileSync(new URL('../../docs/how-to/verifying-signatures.md', import.meta.url), 'utf8');
/** A cold Rust compiles a web server first. */
const START_TIMEOUT_MS = 600_000;

const EVENTS = {
  'post.short': { example: { text: 'Grüße 👋' } },
  'post.long': { example: { text: 'ü👋 '.repeat(28 * 1024) } },
};

let t: SendingApp;
beforeAll(async () => {
  t = await sendingApp({
    clock: false,
    webhooks: { events: EVENTS, worker: false, limits: { testsPerMinute: 1_000 } },
  });
});
afterAll(() => t.stop());

/** What a receiver answers to a real delivery: the status, or why there was none. */
async function delivered(url: string, endpointId: string, eventType: string) {
  await t.webhooks.endpoints.update('acme', endpointId, { url });
  const { statusCode, error } = await t.webhooks.deliveries.test('acme', endpointId, eventType);
  return statusCode ?? error?.code;
}

async function posted(url: string, title: string) {
  const found = casesAt(Math.floor(Date.now() / 1_000)).find((one) => one.title === title)!;
  const headers = { 'content-type': 'application/json', ...found.headers };
  const { status } = await fetch(url, { method: 'POST', headers, body: found.body, redirect: 'manual' });
  return status;
}

/** What must be compiled first takes most of a minute. The function that they call is run each time, in verifying-signatures. */
const COMPILED = ['Go', 'Java', 'Rust'];
const PROGRAMS = FRAMEWORK_PROGRAMS.filter(({ language }) => IS_FULL_RUN || !COMPILED.includes(language));

for (const program of PROGRAMS) {
  describe(`the guide's code for frameworks of ${program.language}`, () => {
    let missing: string | undefined;
    let served: ServedFrameworks | undefined;
    beforeAll(async () => {
      missing = missingFor(program);
      if (missing !== undefined) return;
      served = ServedFrameworks.start(program, GUIDE);
      await served.urls(null);
    }, START_TIMEOUT_MS);
    afterAll(() => served?.stop());

    it.for(frameworksOf(program))(
      '%s takes what is signed, short and long, and nothing else',
      async (framework, { skip }) => {
        if (missing !== undefined) skip(missing);
        const endpoint = await t.endpoint();
        const answers = async (secret: string | null) => {
          const url = (await served!.urls(secret))[framework]!;
          return [
            await delivered(url, endpoint.id, 'post.short'),
            await delivered(url, endpoint.id, 'post.long'),
            await posted(url, 'a forgery where the secret is missing'),
            await posted(url, 'no headers at all'),
          ];
        };

        expect(await answers(endpoint.secret)).toEqual([204, 204, 401, 401]);
        expect(await answers(newSecretValue())).toEqual([401, 401, 401, 401]);
        expect(await answers(null)).toEqual([401, 401, 401, 401]);
      },
    );
  });
}
