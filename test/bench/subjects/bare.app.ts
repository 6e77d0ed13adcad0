import { createHmac, randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { envelopeOf, EVENT_DATA, type SubjectApp } from './subject-app.js';

export const BARE_CONCURRENCY = 50;

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const KEY = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
const ID = `evt_${'0'.repeat(24)}`;

/** Nothing but what every sender has to do: sign the body with both of our signatures, and send it. */
export function bareApp(): SubjectApp {
  const endpoints: { pool: Pool; path: string }[] = [];
  return {
    operations: {},
    addEndpoint: async (_tenant, url) => {
      const { origin, pathname } = new URL(url);
      endpoints.push({ pool: new Pool(origin, { connections: BARE_CONCURRENCY }), path: pathname });
    },
    emit: async (n) => {
      const id = ID + String(n).padStart(8, '0');
      const { pool, path } = endpoints[0]!;
      const { body } = await pool.request(request(path, id, JSON.stringify(envelopeOf(id, EVENT_DATA))));
      await body.dump();
      return id;
    },
  };
}

function request(path: string, id: string, body: string) {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'bench',
    'x-webhook-attempt': '1',
    'x-webhook-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
  return { method: 'POST', path, headers, body } as const;
}
