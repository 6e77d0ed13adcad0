import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApp } from '../../sample-app/start.js';
import { sampleDatabase, startSampleApp, type SampleDatabase } from '../support/sample-app.js';
import { SampleClient } from '../support/sample-client.js';
import { SampleCustomer, type CustomerArrival } from '../support/sample-customer.js';
import { SampleVisitor } from '../support/sample-visitor.js';

const PAGES = [
  '/',
  '/posts',
  '/platforms',
  '/integrations/webhooks',
  '/integrations/api-keys',
  '/demo/receiver',
];
const HOSTILE = `<img src=x onerror="alert(1)">'`;
const ESCAPED = '&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;';

describe('The pages of the sample app', () => {
  let database: SampleDatabase;
  let running: RunningApp;
  let acme: SampleVisitor;
  let globex: SampleVisitor;
  let client: SampleClient;
  let customer: SampleCustomer;

  beforeAll(async () => {
    database = await sampleDatabase('sqlite');
    running = await startSampleApp({ DEMO: '1', WEBHOOKS_ALLOW_LOCAL: '1', DATABASE_URL: database.url });
    acme = await new SampleVisitor(running.url).signIn('acme');
    globex = await new SampleVisitor(running.url).signIn('globex');
    client = new SampleClient(running.url, 'demo-acme');
    customer = await SampleCustomer.start();
    ({ secret: customer.secret } = await client.addWebhook(customer.url));
  });

  afterAll(async () => {
    await running?.app.close();
    await customer?.stop();
    await database?.drop();
  });

  const arrived = (type: string, data: Record<string, unknown>): Promise<CustomerArrival> =>
    customer.arrival(
      (one) => one.type === type && Object.entries(data).every(([key, value]) => one.data[key] === value),
    );

  async function publish(content: string): Promise<string> {
    await acme.post('/posts', { platformId: 'plt_demo_acme', content, publish: 'on' });
    const { data } = await arrived('post.published', { content });
    return String(data.post_id);
  }

  it.each(['health', 'metrics'])('has no /monitoring/%s where no token is configured', async (path) => {
    const answer = await fetch(`${running.url}/monitoring/${path}`, {
      headers: { authorization: 'Bearer ' },
    });
    expect(answer.status).toBe(404);
  });

  it.each(PAGES)('%s runs no script and no style but the app’s own, in no frame', async (path) => {
    for (const visitor of [acme, new SampleVisitor(running.url)]) {
      const { headers, text } = await visitor.get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:\/\//);
    }
  });

  it.each(PAGES)('%s says where in the menu it is', async (path) => {
    const { status, headers, text } = await acme.get(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const [menu = ''] = /<nav aria-label="Main">.*?<\/nav>/s.exec(text) ?? [];
    expect(menu.match(/aria-current="page"/g)).toHaveLength(1);
    expect(text.match(/<h1>/g)).toHaveLength(1);
  });

  it.each(PAGES.filter((path) => path !== '/demo/receiver'))('%s asks strangers to sign in', async (path) => {
    const stranger = new SampleVisitor(running.url);
    const location = path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`;
    expect(await stranger.get(path)).toMatchObject({ status: 303, location, text: '' });
    stranger.cookie = `roundabout_session=${'A'.repeat(43)}`;
    expect(await stranger.get(path)).toMatchObject({ status: 303, location });
  });

  it('load their stylesheet, script and pictures for everybody', async () => {
    const stranger = new SampleVisitor(running.url);
    for (const [path, type] of [
      ['/assets/app.css', 'text/css; charset=utf-8'],
      ['/assets/app.js', 'text/javascript; charset=utf-8'],
      ['/assets/logo.svg', 'image/svg+xml; charset=utf-8'],
      ['/demo/assets/receiver.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const { status, headers } = await stranger.get(path);
      expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type });
    }
  });

  it('show the demo receiver to strangers, with a way to sign in', async () => {
    const { status, text } = await new SampleVisitor(running.url).get('/demo/receiver');
    expect(status).toBe(200);
    expect(text).toContain('href="/sign-in"');
    expect(text).not.toContain('Sign out');
  });

  it('connect, rename and disconnect a platform, which tells the customer', async () => {
    const username = 'acme.bakery';
    expect(await acme.post('/platforms', { type: 'tiktok', username })).toMatchObject({
      status: 303,
      location: '/platforms?done=connected',
    });
    const id = String((await arrived('platform.connected', { username })).data.platform_id);
    expect((await acme.get('/platforms?done=connected')).text).toContain('The platform is connected.');

    expect((await acme.get(`/platforms?rename=${id}`)).text).toContain(`action="/platforms/${id}/rename"`);
    expect((await acme.post(`/platforms/${id}/rename`, { username: 'acme.bread' })).status).toBe(303);
    await arrived('platform.updated', {
      platform_id: id,
      username: 'acme.bread',
      previous_username: username,
    });

    expect((await acme.post(`/platforms/${id}/disconnect`)).status).toBe(303);
    await arrived('platform.disconnected', { platform_id: id });
    expect((await acme.get('/platforms')).text).not.toContain('acme.bread');
  });

  it('say beside the field what is wrong with it, and keep what was typed', async () => {
    const taken = await acme.post('/platforms', { type: 'instagram', username: 'acme' });
    expect(taken.status).toBe(422);
    expect(taken.text).toMatch(/id="username-problem">acme on instagram is connected already\./);
    expect(taken.text).toMatch(/<option value="instagram" selected>/);

    const unknown = await acme.post('/platforms', { type: 'myspace', username: '' });
    expect(unknown.text).toMatch(/id="type-problem">The platform must be one of/);
    expect(unknown.text).toMatch(/id="username-problem">The username should not be empty\./);

    const long = await acme.post('/posts', { platformId: 'plt_demo_acme', content: 'é'.repeat(5_001) });
    expect(long.status).toBe(422);
    expect(long.text).toMatch(
      /id="content-problem">The content must be shorter than or equal to 5000 characters\./,
    );
    expect(long.text).toContain('é'.repeat(5_001));
    expect(long.text).not.toContain('checked');

    const foreign = await acme.post('/posts', {
      platformId: 'plt_demo_globex',
      content: 'Kept',
      publish: 'on',
    });
    expect(foreign.status).toBe(422);
    expect(foreign.text).toMatch(/id="platformId-problem">There is no platform plt_demo_globex\./);
    expect(foreign.text).toMatch(/>\s*Kept<\/textarea>/);

    const unnamed = await acme.post('/integrations/api-keys', { name: '  ' });
    expect(unnamed.status).toBe(422);
    expect(unnamed.text).toMatch(/id="name-problem">The name should not be empty\./);
  });

  it('write a draft and publish it', async () => {
    const content = 'First a draft\nof two lines';
    const saved = await acme.post('/posts', {
      platformId: 'plt_demo_acme',
      content: content.replace('\n', '\r\n'),
    });
    expect(saved).toMatchObject({ status: 303, location: '/posts?done=created' });
    const { data } = await arrived('post.created', { content });
    const id = String(data.post_id);
    expect((await acme.get('/posts')).text).toContain(`action="/posts/${id}/publish"`);

    expect((await acme.post(`/posts/${id}/engagements`)).status).toBe(409);
    expect((await acme.post(`/posts/${id}/publish`)).location).toBe(`/posts?done=published#${id}`);
    await arrived('post.published', { post_id: id });
    const again = await acme.post(`/posts/${id}/publish`);
    expect(again.status).toBe(409);
    expect(again.text).toContain(`${id} is published already.`);
  });

  it('simulate engagement, up to a milestone', async () => {
    const id = await publish('Soon with ten engagements');
    for (let count = 0; count < 10; count++) {
      expect((await acme.post(`/posts/${id}/engagements`)).status).toBe(303);
    }
    await arrived('post.milestone', { post_id: id, milestone: 10 });
    await arrived('post.engagement', { post_id: id, likes: 4, comments: 3, shares: 3 });
    expect((await acme.get('/posts')).text).toMatch(
      /4 likes · 3 comments · 3 shares ·\s+next milestone at 100/,
    );
  });

  it('count on the overview what there is', async () => {
    const { text } = await globex.get('/');
    const numbers = [...text.matchAll(/<span class="number">(\d+)<\/span>/g)].map(([, count]) => count);
    expect(numbers).toEqual(['1', '0', '0', '0', '0']);
    const own = await acme.get('/');
    expect(own.text).toContain('Soon with ten engagements');
    expect(own.text).toMatch(/<span class="number">2<\/span> active of 2/);
    expect(own.text).not.toMatch(/<dt>Succeeded<\/dt>\s*<dd>0</);
  });

  it('show what people call things as text', async () => {
    await acme.post('/platforms', { type: 'facebook', username: HOSTILE });
    const { data } = await arrived('platform.connected', { username: HOSTILE });
    await publish(HOSTILE);
    await acme.post('/integrations/api-keys', { name: HOSTILE });
    const answers = [
      await acme.get('/'),
      await acme.get('/posts'),
      await acme.get('/platforms'),
      await acme.get(`/platforms?rename=${String(data.platform_id)}`),
      await acme.get('/integrations/api-keys'),
      await acme.post('/platforms', { type: 'facebook', username: HOSTILE }),
      await acme.post('/posts', { platformId: HOSTILE, content: HOSTILE }),
      await acme.post('/integrations/api-keys', { name: HOSTILE + 'x'.repeat(100) }),
      await acme.post('/sign-in', { account: HOSTILE, password: HOSTILE }),
      await acme.get(`/posts?before=${encodeURIComponent(HOSTILE)}`),
    ];
    for (const { text } of answers) {
      expect(text).toContain(ESCAPED);
      expect(text).not.toContain('<img src=x');
    }
    expect((await acme.get(`/posts?done=${encodeURIComponent(HOSTILE)}`)).text).not.toContain(
      'role="status"',
    );
  });

  it('page through posts without losing one', async () => {
    const platformId = 'plt_demo_acme';
    await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        client.do('POST', '/api/posts', { platformId, content: `Nr ${index}.` }),
      ),
    );
    const all = await client.do<readonly { id: string }[]>('GET', '/api/posts');
    const seen: string[] = [];
    for (let path: string | undefined = '/posts'; path !== undefined;) {
      const { text } = await acme.get(path);
      seen.push(...[...text.matchAll(/<li class="row post" id="(\w+)">/g)].map(([, id = '']) => id));
      path = /href="([^"]+)" rel="next"/.exec(text)?.[1];
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it('show and change nothing of another account', async () => {
    await acme.post('/posts', { platformId: 'plt_demo_acme', content: 'Acme’s secret draft' });
    const draft = String((await arrived('post.created', { content: 'Acme’s secret draft' })).data.post_id);
    const { data } = await client.do<{ data: { id: string }[] }>('GET', '/api/webhooks');
    const [key = ''] = /key_\w+/.exec((await acme.get('/integrations/api-keys')).text) ?? [];

    for (const path of PAGES) {
      const { text } = await globex.get(path);
      expect(text).not.toContain('Acme’s secret draft');
      expect(text).not.toContain('plt_demo_acme');
      for (const { id } of data) expect(text).not.toContain(id);
    }
    for (const path of [
      `/posts/${draft}/publish`,
      `/posts/${draft}/engagements`,
      '/platforms/plt_demo_acme/rename',
      '/platforms/plt_demo_acme/disconnect',
      `/integrations/api-keys/${key}/revoke`,
    ]) {
      expect((await globex.post(path, { username: 'theirs' })).status).toBe(404);
    }
    expect((await globex.get(`/posts?before=${draft}`)).status).toBe(404);
    const posts = await client.do<readonly object[]>('GET', '/api/posts');
    expect(posts).toContainEqual(expect.objectContaining({ id: draft, status: 'draft' }));
  });

  it('take a form with nothing in it, or with lists, for one with problems', async () => {
    for (const body of ['', 'username[a]=b&type[]=x', 'username=a&username=b']) {
      const headers = {
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      };
      expect((await acme.send('POST', '/platforms', headers, body)).status).toBe(422);
    }
    expect((await acme.send('POST', '/posts', { 'sec-fetch-site': 'same-origin' })).status).toBe(422);
    const repeated = await acme.get('/posts?before=a&before=b&done=a&done=b');
    expect(repeated.status).toBe(200);
  });

  it('create an API key that is shown once, opens the account, outlives a restart and can be revoked', async () => {
    const own = await sampleDatabase('sqlite');
    const variables = { DATABASE_URL: own.url, DEMO: '1' };
    const first = await startSampleApp(variables);
    const visitor = await new SampleVisitor(first.url).signIn('acme');
    const created = await visitor.post('/integrations/api-keys', { name: 'Shop server' });
    expect(created.status).toBe(201);
    const [key = ''] = /rk_[\w-]{43}/.exec(created.text) ?? [];
    expect(created.text).toContain(`curl ${first.url}/api/posts -H 'Authorization: Bearer ${key}'`);
    expect((await new SampleClient(first.url, key).call('GET', '/api/account')).body).toEqual({ id: 'acme' });
    await first.app.close();

    const second = await startSampleApp(variables);
    const again = Object.assign(new SampleVisitor(second.url), { cookie: visitor.cookie });
    const opened = async (): Promise<number> =>
      (await new SampleClient(second.url, key).call('GET', '/api/webhooks')).status;
    expect(await opened()).toBe(200);
    const { text } = await again.get('/integrations/api-keys');
    expect(text).not.toContain(key);
    expect(text).toContain(`${key.slice(0, 10)}…`);
    expect(text).toMatch(/Shop server.*<time.*<time.*Key of the environment.*>never</s);
    const revocations = [...text.matchAll(/action="(\S+\/revoke)"/g)].map(([, path = '']) => path);
    expect(revocations).toHaveLength(1);
    expect((await again.post(revocations[0] ?? '')).location).toBe('/integrations/api-keys?done=revoked');
    expect(await opened()).toBe(401);
    expect((await new SampleClient(second.url, 'demo-acme').call('GET', '/api/posts')).status).toBe(200);
    await second.app.close();
    await own.drop();
  });
});
