import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApp } from '../../sample-app/start.js';
import { sampleDatabase, startSampleApp, type SampleDatabase } from '../support/sample-app.js';
import { SampleVisitor } from '../support/sample-visitor.js';

describe('Whoever runs Roundabout', () => {
  let database: SampleDatabase;
  let running: RunningApp;

  beforeAll(async () => {
    database = await sampleDatabase('sqlite');
    running = await startSampleApp({
      DATABASE_URL: database.url,
      ACCOUNT_API_KEYS: 'acme:key-of-acme,oncall:key-of-oncall,globex:key-of-globex',
      OPERATOR_ACCOUNTS: 'oncall',
    });
    for (const account of ['acme', 'globex']) {
      const { status } = await call('POST', '/api/webhooks', `key-of-${account}`, {
        name: account,
        url: `https://hooks.example.com/${account}`,
        events: ['*'],
      });
      expect(status).toBe(201);
    }
  });
  afterAll(async () => {
    await running.app.close();
    await database.drop();
  });

  const call = async (method: string, path: string, key?: string, body?: object) => {
    const response = await fetch(running.url + path, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // What a route answers is for the test to say.
    // oxlint-disable-next-line typescript/no-explicit-any
    return { status: response.status, body: (await response.json()) as any };
  };

  it('sees the webhooks of all accounts', async () => {
    const { body } = await call('GET', '/api/admin/webhooks/endpoints', 'key-of-oncall');
    expect(body.data.map(({ tenant }: { tenant: string }) => tenant)).toEqual(['globex', 'acme']);
    expect((await call('GET', '/api/admin/webhooks/overview', 'key-of-oncall')).body).toMatchObject({
      workers: [{ isAlive: true }],
      attention: [],
    });
  });

  it('is nobody else: no other account, and nobody without one', async () => {
    for (const path of ['overview', 'endpoints', 'search?q=acme', 'tenants']) {
      expect((await call('GET', `/api/admin/webhooks/${path}`, 'key-of-acme')).status).toBe(403);
      expect((await call('GET', `/api/admin/webhooks/${path}`)).status).toBe(401);
    }
  });

  it('has an account that somebody can sign in to, which is none of the demo', async () => {
    const start = (variables: Record<string, string>): Promise<RunningApp> =>
      startSampleApp({ DATABASE_URL: 'sqlite::memory:', ...variables });
    await expect(start({ OPERATOR_ACCOUNTS: 'nobody' })).rejects.toThrow(
      "OPERATOR_ACCOUNTS must be accounts with a key or a password such as roundabout,oncall: 'nobody' has none.",
    );
    await expect(start({ OPERATOR_ACCOUNTS: 'acme', DEMO: '1' })).rejects.toThrow(
      'OPERATOR_ACCOUNTS names acme, whose key everybody knows with DEMO=1.',
    );
  });

  it('is an account of its own in the demo', async () => {
    const own = await sampleDatabase('sqlite');
    const demo = await startSampleApp({ DATABASE_URL: own.url, DEMO: '1' });
    const statusOf = async (key: string): Promise<number> =>
      (
        await fetch(`${demo.url}/api/admin/webhooks/overview`, {
          headers: { authorization: `Bearer ${key}` },
        })
      ).status;
    expect([await statusOf('demo-roundabout'), await statusOf('demo-acme')]).toEqual([200, 403]);

    const page = '/api/admin/webhooks/page';
    for (const [account, status] of [
      ['roundabout', 200],
      ['acme', 403],
    ] as const) {
      const visitor = await new SampleVisitor(demo.url).signIn(account);
      expect((await visitor.get(page)).status).toBe(status);
      expect((await visitor.get('/')).text.includes(`href="${page}"`)).toBe(status === 200);
    }
    await demo.app.close();
    await own.drop();
  });
});
