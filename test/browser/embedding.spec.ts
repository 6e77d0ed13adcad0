import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { FrontServer } from '../support/front-server.js';
import { restApp, type RestApp } from '../support/rest-app.js';

/** The front end of an app: its own style, its own address, and the dashboard somewhere in it. */
const hostPage = (dashboard: string, script = ''): string => `<!doctype html>
<html lang="en">
  <head>
    <title>Settings</title>
    <style nonce="n">
      h2 { color: rgb(1, 2, 3); font: italic 40px serif; }
      button { border: 9px dotted red !important; }
      .card, .table { display: none; }
    </style>
  </head>
  <body>
    <h1>Settings</h1>
    <h2 id="own">Ours</h2>
    <button id="own-button" class="button primary">Ours</button>
    ${dashboard}
    <script type="module" src="/app/api/webhooks/dashboard/element.js"></script>
    ${script && `<script nonce="n">${script}</script>`}
  </body>
</html>`;

const POLICY =
  "default-src 'none'; script-src 'self' 'nonce-n'; style-src 'nonce-n'; connect-src 'self'; " +
  "require-trusted-types-for 'script'; trusted-types lit-html";

const styleOf = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).evaluate((element) => {
    const style = getComputedStyle(element);
    return [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`).join('\n');
  });

describe('<webhooks-dashboard> in the front end of an app', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let front: FrontServer;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
    await rest.endpoint('acme', { name: 'CRM of acme' });
    await rest.endpoint('globex', { name: 'CRM of globex' });
  });
  beforeEach(async () => {
    front = await FrontServer.start(await rest.app.getUrl(), '/app');
  });
  afterEach(async () => {
    await browser.closePages();
    await front.stop();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const open = async (path: string, account?: string): Promise<Page> => {
    const page = await browser.page(account ? { extraHTTPHeaders: { 'x-account': account } } : {});
    await page.clock.install({ time: rest.clock.now() });
    await page.goto(front.url + path);
    return page;
  };

  it('finds the routes by itself where the module serves its script, behind a proxy that strips a path', async () => {
    front.pages.set('/settings', {
      html: hostPage('<webhooks-dashboard></webhooks-dashboard>'),
      policy: POLICY,
    });
    const page = await open('/settings', 'acme');

    await page.getByText('CRM of acme').waitFor();
    expect(front.handedOn.map(({ path }) => path)).toContain('/app/api/webhooks/dashboard/element.js');
  });

  it('is a page of its own behind that proxy, with and without a slash at its end', async () => {
    for (const path of ['/app/api/webhooks/dashboard', '/app/api/webhooks/dashboard/']) {
      const page = await open(path, 'acme');
      await page.getByText('CRM of acme').waitFor();
    }
  });

  it('sends the headers that it is given, asked for anew each time', async () => {
    const script = `
      let asked = 0;
      const dashboard = document.querySelector('webhooks-dashboard');
      dashboard.requestHeaders = async () => ({ 'x-account': 'globex', 'x-token': String(++asked) });`;
    const element = '<webhooks-dashboard api-url="/app/api/webhooks/"></webhooks-dashboard>';
    front.pages.set('/settings', { html: hostPage(element, script), policy: POLICY });
    const page = await open('/settings');

    await page.getByText('CRM of globex').waitFor();
    await page.getByRole('searchbox').fill('CRM');
    await page.waitForRequest((request) => request.url().includes('search=CRM'));
    const tokens = front.handedOn.map(({ headers }) => headers['x-token']).filter(Boolean);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.length).toBeGreaterThan(1);
  });

  it('neither takes the style of the page, nor gives it any', async () => {
    front.pages.set('/without', { html: hostPage(''), policy: POLICY });
    front.pages.set('/with', { html: hostPage('<webhooks-dashboard></webhooks-dashboard>'), policy: POLICY });
    const without = await open('/without');
    const page = await open('/with', 'acme');
    await page.getByText('CRM of acme').waitFor();

    expect(await styleOf(page, '#own')).toBe(await styleOf(without, '#own'));
    expect(await styleOf(page, '#own-button')).toBe(await styleOf(without, '#own-button'));
    const heading = page.getByRole('heading', { name: 'Your webhooks' });
    expect(await heading.evaluate((element) => getComputedStyle(element).fontStyle)).toBe('normal');
    expect(await page.getByRole('table').isVisible()).toBe(true);
  });

  it('leaves the address alone, unless it is told to keep its place there', async () => {
    front.pages.set('/memory', { html: hostPage('<webhooks-dashboard></webhooks-dashboard>') });
    front.pages.set('/hash', { html: hostPage('<webhooks-dashboard routing="hash"></webhooks-dashboard>') });

    const memory = await open('/memory#/the/app', 'acme');
    await memory.getByRole('navigation').getByText('Event types').click();
    await memory.getByRole('heading', { name: 'Event types' }).waitFor();
    expect(memory.url()).toBe(`${front.url}/memory#/the/app`);

    const hash = await open('/hash', 'acme');
    await hash.getByRole('navigation').getByText('Event types').click();
    await hash.getByRole('heading', { name: 'Event types' }).waitFor();
    expect(hash.url()).toBe(`${front.url}/hash#/event-types`);
    await hash.goBack();
    await hash.getByText('CRM of acme').waitFor();
    await hash.goForward();
    await hash.reload();
    await hash.getByRole('heading', { name: 'Event types' }).waitFor();
  });

  it('has the colours that it is given, and the scheme of the page or of its attribute', async () => {
    const element = `<webhooks-dashboard theme="dark"></webhooks-dashboard>`;
    const script = `document.querySelector('webhooks-dashboard').style.setProperty('--webhooks-accent', 'rgb(200, 0, 100)');`;
    front.pages.set('/settings', { html: hostPage(element, script) });
    const page = await open('/settings', 'acme');

    const add = page.getByRole('button', { name: 'Add webhook' });
    expect(await add.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(200, 0, 100)');
    expect(
      await page.locator('webhooks-dashboard').evaluate((host) => getComputedStyle(host).colorScheme),
    ).toBe('dark');
  });

  it.each(['light', 'dark'] as const)(
    'can be read with theme="%s" on a page of the other scheme, whatever size its root has',
    async (theme) => {
      const element = `<webhooks-dashboard theme="${theme}"></webhooks-dashboard>`;
      const script = `
        document.documentElement.style.fontSize = '10px';
        document.body.style.background = '${theme === 'dark' ? 'white' : 'black'}';`;
      front.pages.set('/settings', { html: hostPage(element, script) });
      const page = await open('/settings', 'acme');
      await page.getByText('CRM of acme').waitFor();

      expect((await browser.axe(page)).filter((problem) => problem.includes('webhooks-dashboard'))).toEqual(
        [],
      );
      const sizeOf = (text: string): Promise<number> =>
        page.getByText(text).evaluate((it) => Number.parseFloat(getComputedStyle(it).fontSize));
      expect(await sizeOf('CRM of acme')).toBe(14);
      expect(await sizeOf('Last 24 hours')).toBe(12);
    },
  );

  it('asks nobody but the app', async () => {
    front.pages.set('/settings', { html: hostPage('<webhooks-dashboard></webhooks-dashboard>') });
    const page = await browser.page({ extraHTTPHeaders: { 'x-account': 'acme' } });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await page.goto(`${front.url}/settings`);
    await page.getByText('CRM of acme').waitFor();

    expect([...new Set(asked)]).toEqual([front.url]);
  });

  it('says what is missing where it does not know the routes', async () => {
    const script = `import('/copy.js');`;
    front.pages.set('/settings', {
      html: `<!doctype html><title>x</title><webhooks-dashboard></webhooks-dashboard><script type="module">${script}</script>`,
    });
    const page = await browser.page();
    await page.route('**/copy.js', async (route) => {
      const source = await (
        await fetch(`${await rest.app.getUrl()}/api/webhooks/dashboard/element.js`)
      ).text();
      await route.fulfill({ contentType: 'text/javascript', body: source });
    });
    await page.goto(`${front.url}/settings`);

    await page.getByText('api-url is missing').waitFor();
  });
});
