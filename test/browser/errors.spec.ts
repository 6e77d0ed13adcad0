import { HttpException, Injectable, type CanActivate } from '@nestjs/common';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { FrontServer } from '../support/front-server.js';
import { restApp, type HeaderRequest, type RestApp } from '../support/rest-app.js';

/** What the app of the moment throws in its guard, or does before it. */
let refusal: HttpException | undefined;
let intercept: ((response: ServerResponse) => void) | undefined;

interface ServerResponse {
  writeHead(status: number, headers: Record<string, string>): this;
  end(text?: string): unknown;
}

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    if (refusal) throw refusal;
    return true;
  }
}

const PAGE = `<!doctype html><html lang="en"><title>Settings</title>
  <div id="around"><webhooks-dashboard></webhooks-dashboard></div>
  <script>
    window.signedOut = 0;
    document.getElementById('around').addEventListener('webhooks-unauthorized', () => signedOut++);
  </script>
  <script type="module" src="/app/api/webhooks/dashboard/element.js"></script></html>`;

describe('what the dashboard says of errors', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let front: FrontServer;

  beforeAll(async () => {
    const api = {
      guards: [RefusingGuard],
      tenant: (request: HeaderRequest) => request.headers['x-account'] ?? '',
    };
    const configure: NonNullable<Parameters<typeof restApp>[0]>['configure'] = (app) =>
      app.use('/api/webhooks', (request: { path: string }, response: ServerResponse, next: () => void) =>
        intercept && !request.path.endsWith('.js') ? intercept(response) : next(),
      );
    [browser, rest] = await Promise.all([openBrowser(), restApp({ webhooks: { api }, configure })]);
    await rest.endpoint('acme', { name: 'CRM' });
    front = await FrontServer.start(await rest.app.getUrl(), '/app');
    front.pages.set('/settings', { html: PAGE });
    front.pages.set('/sign-in', { html: '<!doctype html><title>Sign in</title>' });
  });
  beforeEach(() => {
    refusal = undefined;
    intercept = undefined;
  });
  afterEach(async () => {
    await browser.closePages();
    const others = browser.problems.splice(0).filter((text) => !/Failed to load resource/.test(text));
    expect(others).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await front?.stop();
    await rest?.stop();
  });

  const open = async (): Promise<Page> => {
    const page = await browser.page({ extraHTTPHeaders: { 'x-account': 'acme' } });
    await page.clock.install({ time: rest.clock.now() });
    await page.goto(`${front.url}/settings`);
    return page;
  };
  const signedOut = (page: Page): Promise<number> => page.evaluate<number>('window.signedOut');

  it.each([
    [401, 'Send your API key: Authorization: Bearer <key>.', 'You are signed out. Sign in again'],
    [403, 'Forbidden resource', 'You don’t have permission to do this.'],
    [429, 'ThrottlerException: Too Many Requests', 'Too many requests. Try again in a moment.'],
    [418, 'I am a teapot', 'The server refused this (status 418).'],
    [503, 'upstream connect error', 'The server failed. Try again in a moment.'],
  ])('has words of its own for a guard’s %d', async (status, message, words) => {
    refusal = new HttpException(message, status);
    const page = await open();

    await page.getByRole('alert').getByText(words).waitFor();
    expect(await page.getByText(message).count()).toBe(0);
  });

  it('says when to try again where the answer does', async () => {
    intercept = (response) => response.writeHead(429, { 'retry-after': '40' }).end('slow down');
    const page = await open();

    await page.getByRole('alert').getByText('Too many requests. Try again in 40 s.').waitFor();
  });

  it('tells the page around that nobody is signed in, once for each time', async () => {
    const page = await open();
    await page.getByText('CRM').waitFor();
    expect(await signedOut(page)).toBe(0);

    refusal = new HttpException('Who are you?', 401);
    await page.clock.fastForward(15_000);
    await page.getByRole('alert').getByText('You are signed out.').waitFor();
    await page.clock.fastForward(15_000);
    await page.getByRole('button', { name: 'Events', exact: true }).click();
    await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
    expect(await signedOut(page)).toBe(1);

    refusal = undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'No events yet' }).waitFor();
    refusal = new HttpException('Who are you?', 401);
    await page.getByRole('button', { name: 'Webhooks', exact: true }).click();
    await page.getByRole('alert').getByText('You are signed out.').waitFor();
    expect(await signedOut(page)).toBe(2);
  });

  it('takes a redirect to a sign-in page for what it is', async () => {
    intercept = (response) => response.writeHead(302, { location: `${front.url}/sign-in` }).end();
    const page = await open();

    await page.getByRole('alert').getByText('You are signed out.').waitFor();
    expect(await signedOut(page)).toBe(1);
  });

  it.each([
    ['wrapped', { success: true, data: { data: [], nextCursor: null } }],
    ['of something else', { hello: 'world' }],
    ['nothing', null],
  ])('reports an answer that is %s, instead of loading for ever', async (_, body) => {
    intercept = (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const page = await open();

    for (const view of ['Webhooks', 'Events', 'Event types']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      await page.getByRole('alert').getByText('This is no answer of the webhooks API.').first().waitFor();
      expect(await page.getByText('Loading…').count()).toBe(0);
    }
  });

  it('reports a wrong answer on the page of one webhook', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'CRM' }).waitFor();
    intercept = (response) => response.writeHead(200, {}).end('<!doctype html><title>Home</title>');

    await page.getByRole('button', { name: 'CRM' }).click();
    await page.getByRole('alert').getByText('This is no answer of the webhooks API.').waitFor();
  });
});
