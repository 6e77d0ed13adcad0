import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import type { RunningApp } from '../../sample-app/start.js';
import { explain } from '../../sample-app/start-error.js';
import { readEnvironment } from '../../sample-app/config/environment.js';
import { sampleDatabase, startSampleApp, type SampleDatabase } from '../support/sample-app.js';
import { SampleClient } from '../support/sample-client.js';
import { SampleVisitor } from '../support/sample-visitor.js';

const JSON_BODY = { 'content-type': 'application/json' };

describe('Signing in to the sample app', () => {
  let database: SampleDatabase;
  let running: RunningApp;
  let visitor: () => SampleVisitor;

  beforeAll(async () => {
    database = await sampleDatabase('sqlite');
    running = await startSampleApp({ DEMO: '1', WEBHOOKS_ALLOW_LOCAL: '1', DATABASE_URL: database.url });
    visitor = () => new SampleVisitor(running.url);
  });

  afterAll(async () => {
    await running?.app.close();
    await database?.drop();
  });

  it('gives a cookie that scripts can’t read and other sites don’t send', async () => {
    const answer = await visitor().post('/sign-in', { account: 'acme', password: 'demo-acme' });
    expect(answer).toMatchObject({ status: 303, location: '/' });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^roundabout_session=[\w-]{43}; /);
    expect(cookie.split('; ').slice(1).sort()).toEqual([
      expect.stringMatching(/^Expires=/),
      'HttpOnly',
      'Max-Age=1209600',
      'Path=/',
      'SameSite=Lax',
    ]);
  });

  it('keeps the cookie to https where that is how the request came', async () => {
    const headers = { 'sec-fetch-site': 'same-origin', 'x-forwarded-proto': 'https' };
    const answer = await visitor().post('/sign-in', { account: 'acme', password: 'demo-acme' }, headers);
    expect(answer.headers.getSetCookie()[0]).toContain('; Secure');
  });

  it('says the same of a wrong password and of an account that there is not, and keeps the name', async () => {
    for (const account of ['acme', 'in"itech']) {
      const answer = await visitor().post('/sign-in', { account, password: 'demo-globex' });
      expect(answer.status).toBe(401);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.text).toContain('There is no such account, or the password is another one.');
      expect(answer.text).toContain(`value="${account.replace('"', '&quot;')}"`);
      expect(answer.text).not.toContain('value="demo-globex"');
    }
  });

  it('takes one click in the demo, which tells its passwords', async () => {
    const page = await visitor().get('/sign-in');
    expect(page.text).toContain('Continue as acme');
    expect(page.text).toContain('demo-globex');
    const globex = visitor();
    expect(await globex.post('/demo/sign-in', { account: 'globex' })).toMatchObject({
      status: 303,
      location: '/',
    });
    expect((await globex.get('/api/account')).text).toBe('{"id":"globex"}');
    expect((await visitor().post('/demo/sign-in', { account: 'constructor' })).status).toBe(404);
  });

  it('leads back to the page that was asked for, and to no other site', async () => {
    const asked = await visitor().get('/posts?before=post_1');
    expect(asked).toMatchObject({ status: 303, location: '/sign-in?next=%2Fposts%3Fbefore%3Dpost_1' });
    expect((await visitor().get(asked.location ?? '')).text).toContain(
      'name="next" value="/posts?before=post_1"',
    );

    const acme = { account: 'acme', password: 'demo-acme' };
    const after = async (next: string): Promise<string | null> =>
      (await visitor().post('/sign-in', { ...acme, next })).location;
    expect(await after('/posts?before=post_1')).toBe('/posts?before=post_1');
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example']) {
      expect(await after(next)).toBe('/');
    }
    const signedIn = await visitor().signIn('acme');
    expect((await signedIn.get('/sign-in?next=//evil.example')).location).toBe('/');
    expect((await signedIn.get('/sign-in?next=/posts')).location).toBe('/posts');
  });

  it('ends with signing out, for a copy of the cookie too', async () => {
    const acme = await visitor().signIn('acme');
    const copy = acme.cookie;
    expect((await acme.get('/sign-out')).status).toBe(404);
    expect(await acme.post('/sign-out')).toMatchObject({ status: 303, location: '/sign-in' });
    expect(acme.cookie).toBe('');
    acme.cookie = copy;
    expect((await acme.get('/')).status).toBe(303);
    expect((await acme.get('/api/posts')).status).toBe(401);
  });

  it('ends by itself, and leaves no token in the database', async () => {
    const acme = await visitor().signIn('acme');
    const { manager } = running.app.get(DataSource);
    const sessions = await manager.query<{ hash: string }[]>('SELECT hash FROM sessions');
    expect(sessions.map(({ hash }) => hash)).not.toContain(acme.cookie.split('=')[1]);
    expect((await acme.get('/')).status).toBe(200);
    await manager.query(`UPDATE sessions SET expiresAt = ${Date.now()}`);
    expect((await acme.get('/')).status).toBe(303);
  });

  describe.each([
    { from: 'a page of its own', headers: { 'sec-fetch-site': 'same-origin' }, taken: true },
    { from: 'the person', headers: { 'sec-fetch-site': 'none' }, taken: true },
    { from: 'its own origin', headers: { origin: 'itself' }, taken: true },
    { from: 'another site', headers: { 'sec-fetch-site': 'cross-site', origin: 'itself' }, taken: false },
    { from: 'another host of the site', headers: { 'sec-fetch-site': 'same-site' }, taken: false },
    { from: 'another origin', headers: { origin: 'https://evil.example' }, taken: false },
    { from: 'another port', headers: { origin: 'http://localhost:1' }, taken: false },
    { from: 'a sandboxed frame', headers: { origin: 'null' }, taken: false },
    { from: 'who knows where', headers: {}, taken: false },
  ])('A request that comes from $from', ({ headers, taken }) => {
    const given = (more: Record<string, string> = {}): Record<string, string> => ({
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value === 'itself' ? running.url : value]),
      ),
      ...more,
    });

    it(`${taken ? 'changes' : 'does not change'} what the cookie opens`, async () => {
      const acme = await visitor().signIn('acme');
      const status = async (method: string, path: string, body?: string): Promise<number> =>
        (await acme.send(method, path, given(body ? JSON_BODY : {}), body)).status;
      const invalid = JSON.stringify({});
      expect(await status('POST', '/platforms')).toBe(taken ? 422 : 403);
      expect(await status('POST', '/api/platforms', invalid)).toBe(taken ? 400 : 403);
      expect(await status('PATCH', '/api/platforms/plt_none', '{"username":"x"}')).toBe(taken ? 404 : 403);
      expect(await status('DELETE', '/api/platforms/plt_none')).toBe(taken ? 404 : 403);
      expect(await status('POST', '/api/webhooks', invalid)).toBe(taken ? 400 : 403);
      expect(await status('DELETE', '/api/webhooks/ep_none')).toBe(taken ? 404 : 403);
      expect(await status('POST', '/sign-out')).toBe(taken ? 303 : 403);
    });

    it(`${taken ? 'signs' : 'does not sign'} anybody in`, async () => {
      for (const path of ['/sign-in', '/demo/sign-in']) {
        const one = visitor();
        const answer = await one.post(path, { account: 'acme', password: 'demo-acme' }, given());
        expect(answer.status).toBe(taken ? 303 : 403);
        expect(one.cookie === '').toBe(!taken);
      }
    });

    it('may read, and may change with an API key, which no browser sends by itself', async () => {
      const acme = await visitor().signIn('acme');
      expect((await acme.send('GET', '/api/posts', given())).status).toBe(200);
      expect((await acme.send('GET', '/', given())).status).toBe(200);
      const bearer = given({ ...JSON_BODY, authorization: 'Bearer demo-acme' });
      expect((await acme.send('POST', '/api/platforms', bearer, '{}')).status).toBe(400);
      expect((await visitor().send('POST', '/api/platforms', bearer, '{}')).status).toBe(400);
    });
  });

  it('counts for nothing beside an API key that is wrong', async () => {
    const acme = await visitor().signIn('acme');
    expect((await acme.get('/api/posts', { authorization: 'Bearer guessed' })).status).toBe(401);
    expect((await acme.get('/api/posts', { authorization: 'Bearer demo-globex' })).status).toBe(200);
    expect((await acme.get('/api/account', { authorization: 'Bearer demo-globex' })).text).toBe(
      '{"id":"globex"}',
    );
  });

  it('manages webhooks as the account that is signed in', async () => {
    const acme = await visitor().signIn('acme');
    const globex = await visitor().signIn('globex');
    expect(JSON.parse((await acme.get('/api/webhooks')).text)).toMatchObject({
      data: [{ name: 'Demo receiver' }],
    });
    expect(JSON.parse((await globex.get('/api/webhooks')).text)).toMatchObject({ data: [] });
    expect((await visitor().get('/api/webhooks')).status).toBe(401);
  });
});

describe('The accounts of the sample app', () => {
  it('sign in with ACCOUNT_PASSWORDS, until they have another one', async () => {
    const { url, drop } = await sampleDatabase('sqlite');
    const start = (passwords: string): Promise<RunningApp> =>
      startSampleApp({ DATABASE_URL: url, ACCOUNT_PASSWORDS: passwords });
    const credentials = { account: 'acme', password: 'a:long secret' };

    const first = await start('acme:a:long secret,globex:another one');
    const before = new SampleVisitor(first.url);
    expect((await before.post('/sign-in', credentials)).status).toBe(303);
    expect((await before.get('/sign-in')).status).toBe(303);
    expect((await new SampleVisitor(first.url).get('/sign-in')).text).not.toContain('Continue as');
    expect((await before.post('/demo/sign-in', { account: 'acme' })).status).toBe(404);
    expect((await before.get('/')).text).not.toContain('Demo receiver');
    const rows = await first.app.get(DataSource).query<object[]>('SELECT * FROM accounts');
    expect(JSON.stringify(rows)).not.toContain('long secret');
    await first.app.close();

    const same = await start('acme:a:long secret');
    const still = Object.assign(new SampleVisitor(same.url), { cookie: before.cookie });
    expect((await still.get('/')).status).toBe(200);
    await same.app.close();

    const changed = await start('acme:changed since');
    const after = Object.assign(new SampleVisitor(changed.url), { cookie: before.cookie });
    expect((await after.get('/')).status).toBe(303);
    expect((await after.post('/sign-in', credentials)).status).toBe(401);
    expect((await after.post('/sign-in', { account: 'globex', password: 'another one' })).status).toBe(401);
    await changed.app.close();
    await drop();
  });

  it('of a demo are closed to its sessions and passwords once it is none any more', async () => {
    const { url, drop } = await sampleDatabase('sqlite');
    const demo = await startSampleApp({ DEMO: '1', DATABASE_URL: url });
    const { cookie } = await new SampleVisitor(demo.url).signIn('acme');
    await demo.app.close();

    const serious = await startSampleApp({ ACCOUNT_API_KEYS: 'acme:a-real-key', DATABASE_URL: url });
    const visitor = Object.assign(new SampleVisitor(serious.url), { cookie });
    expect((await visitor.get('/')).status).toBe(303);
    expect((await visitor.get('/api/posts')).status).toBe(401);
    expect((await visitor.post('/sign-in', { account: 'acme', password: 'demo-acme' })).status).toBe(401);
    await serious.app.close();
    await drop();
  });

  it('are those of a database of an earlier version too', async () => {
    const { url, drop } = await sampleDatabase('sqlite');
    const old = await new DataSource({
      type: 'better-sqlite3',
      database: url.slice('sqlite:'.length),
    }).initialize();
    await old.query('CREATE TABLE accounts (id varchar(40) PRIMARY KEY NOT NULL, createdAt bigint NOT NULL)');
    await old.query(
      'CREATE TABLE api_keys (hash varchar(64) PRIMARY KEY NOT NULL, accountId varchar(40) NOT NULL)',
    );
    await old.query(`INSERT INTO accounts VALUES ('initech', 1), ('acme', 1)`);
    await old.query(`INSERT INTO api_keys VALUES ('${'0'.repeat(64)}', 'initech')`);
    await old.destroy();

    const running = await startSampleApp({ DEMO: '1', DATABASE_URL: url });
    const { manager } = running.app.get(DataSource);
    expect(await manager.query('SELECT id FROM accounts ORDER BY id')).toEqual(
      ['acme', 'globex', 'initech', 'roundabout'].map((id) => ({ id })),
    );
    expect(await manager.query('SELECT accountId FROM api_keys ORDER BY accountId')).toEqual(
      ['acme', 'globex', 'roundabout'].map((accountId) => ({ accountId })),
    );
    await new SampleVisitor(running.url).signIn('acme');
    expect((await new SampleClient(running.url, 'demo-acme').call('GET', '/api/posts')).status).toBe(200);
    await running.app.close();
    await drop();
  });

  it.each([
    { ACCOUNT_PASSWORDS: 'hunter22222' },
    { ACCOUNT_PASSWORDS: 'ACME:hunter22222' },
    { ACCOUNT_PASSWORDS: 'acme:hunter2' },
    { ACCOUNT_PASSWORDS: 'acme:hunter22222,acme:hunter33333' },
    { ACCOUNT_PASSWORDS: 'acme:demo-globex' },
    { ACCOUNT_PASSWORDS: 'acme:hunter22222', DEMO: '1' },
  ])('can’t be started with $ACCOUNT_PASSWORDS, and the error does not tell it', (variables) => {
    const read = (): unknown => readEnvironment(variables);
    expect(read).toThrow(expect.toSatisfy((error) => explain(error).startsWith('ACCOUNT_PASSWORDS ')));
    expect(read).toThrow(expect.not.stringMatching(/hunter|demo-globex/));
  });
});
