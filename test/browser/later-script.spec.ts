import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { FrontServer } from '../support/front-server.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const LATER = /\/later[\w-]*\.js$/;

describe('A part of the dashboard that loads later', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let log: string;
  let front: FrontServer | undefined;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
    log = `/webhooks/${await rest.endpoint('acme')}/deliveries`;
    await rest.webhooks.emit('post.created', { title: 'x' }, { tenant: 'acme' });
  });
  afterEach(async () => {
    await browser.closePages();
    await front?.stop();
    front = undefined;
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const scriptsOf = (page: Page): string[] => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'script') asked.push(basename(new URL(request.url()).pathname));
    });
    return asked;
  };
  const button = (page: Page) => page.getByRole('button', { name: 'Export…' });
  const dialog = (page: Page) => page.getByRole('dialog', { name: 'Export deliveries' });
  const isThere = (page: Page): Promise<void> => dialog(page).getByText('With payloads').waitFor();

  it('loads its script once, when it is first shown on the module’s own page', async () => {
    const page = await openDashboard(browser, rest, { place: log });
    const asked = scriptsOf(page);
    await button(page).waitFor();
    expect(asked).toEqual([]);

    await button(page).click();
    await isThere(page);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await button(page).click();
    await isThere(page);

    expect(asked).toEqual([expect.stringMatching(/^later-[\w-]{8}\.js$/)]);
  });

  it('says that it loads, and what to do where it can’t', async () => {
    const page = await openDashboard(browser, rest, { place: log });
    await button(page).waitFor();
    let end = (): void => {};
    const held = new Promise<void>((resolve) => (end = resolve));
    await page.route(LATER, async (route) => {
      await held;
      await route.abort();
    });
    await button(page).click();
    await dialog(page).getByText('Loading…').waitFor();
    end();
    await dialog(page).getByText('A script of this page did not come.').waitFor();
    expect(await browser.axe(page)).toEqual([]);
    // The browser's own, and the reason, for whoever looks there.
    expect(browser.problems.splice(0).length).toBeGreaterThan(0);

    await page.unroute(LATER);
    await page.getByRole('button', { name: 'Try again' }).click();
    await isThere(page);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await button(page).evaluate((it) => it.matches(':focus'))).toBe(true);
  });

  it('comes in German to a page in German', async () => {
    const page = await openDashboard(browser, rest, { place: log, locale: 'de-DE' });
    await page.getByRole('button', { name: 'Exportieren …' }).click();

    await page.getByRole('dialog').getByText('Mit Payloads').waitFor();
  });

  it.each(['element.js', 'element.js?v=2'])('comes to a page of the app that has %s', async (script) => {
    front = await FrontServer.start(await rest.app.getUrl(), '/app');
    const html = `<!doctype html><title>Settings</title>
      <webhooks-dashboard routing="hash"></webhooks-dashboard>
      <script type="module" src="/app/api/webhooks/dashboard/${script}"></script>`;
    const policy =
      "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";
    front.pages.set('/settings', { html, policy });
    const page = await browser.page({ extraHTTPHeaders: { 'x-account': 'acme' } });
    await page.clock.install({ time: rest.clock.now() });
    await page.goto(`${front.url}/settings#${log}`);

    await button(page).click();
    await isThere(page);
  });

  it('is a separate file in a bundler’s output', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'webhooks-bundle-'));
    try {
      await writeFile(join(folder, 'main.js'), "import 'nestjs-webhooks/dashboard';");
      await build({
        root: folder,
        configFile: false,
        logLevel: 'error',
        resolve: { alias: { 'nestjs-webhooks/dashboard': join(PACKAGE, 'dist/dashboard/element.mjs') } },
        build: {
          rolldownOptions: { input: join(folder, 'main.js'), output: { entryFileNames: 'assets/main.js' } },
          modulePreload: { polyfill: false },
        },
      });
      front = await FrontServer.start(await rest.app.getUrl(), '/app');
      const html = `<!doctype html><title>Settings</title>
        <webhooks-dashboard routing="hash" api-url="/app/api/webhooks"></webhooks-dashboard>
        <script type="module" src="/assets/main.js"></script>`;
      front.pages.set('/settings', { html });
      const page = await browser.page({ extraHTTPHeaders: { 'x-account': 'acme' } });
      await page.clock.install({ time: rest.clock.now() });
      const asked = scriptsOf(page);
      await page.route('**/assets/**', async (route) => {
        const file = join(folder, 'dist', new URL(route.request().url()).pathname);
        await route.fulfill({ contentType: 'text/javascript', body: await readFile(file, 'utf8') });
      });
      await page.goto(`${front.url}/settings#${log}`);

      await button(page).click();
      await isThere(page);
      expect(asked).toEqual(['main.js', expect.stringMatching(/^later-[\w-]+\.js$/)]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
