import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { operatorApp, OPERATOR_PATH, type OperatorApp } from '../support/operator-app.js';

const HOSTILE = '"><img src=x onerror="document.title=1"><b>bold</b>';
const WIDTHS = [320, 360, 480, 560, 720, 900, 1080, 1280, 1920];
const MINUTE = 60_000;

describe('the operators’ page', () => {
  let browser: TestBrowser;
  let rest: OperatorApp;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), operatorApp()]);
  });
  afterEach(async () => {
    await browser.closePages();
    browser.problems.splice(0);
  });
  afterAll(async () => {
    await browser.stop();
    await rest.stop();
  });

  const open = async (
    place = '',
    { operator = 'ada', ...options }: BrowserContextOptions & { operator?: string } = {},
  ): Promise<Page> => {
    const page = await browser.page({ extraHTTPHeaders: { 'x-operator': operator }, ...options });
    // The app's clock is the reader's, too; it goes on from there.
    await page.clock.install({ time: rest.clock.now() });
    await page.goto(`${await rest.app.getUrl()}${OPERATOR_PATH}/page#${place}`);
    return page;
  };
  const attention = (page: Page, text: string): Locator => page.locator('.attention > li', { hasText: text });
  /** What sticks out of the window at some widths. */
  const tooWide = async (page: Page): Promise<number[]> => {
    const found: number[] = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      if (await page.evaluate('document.scrollingElement.scrollWidth > innerWidth')) found.push(width);
    }
    return found;
  };

  it('shows a receiver that has died, pauses it, and resumes it', async () => {
    const endpointId = await rest.endpoint('acme', { name: 'Orders' });
    rest.receiver.answer = { status: 503 };
    await rest.webhooks.emit('post.published', { id: 1 }, { tenant: 'acme' });
    await rest.after(0);
    const page = await open();

    await attention(page, 'Orders has failed every attempt').waitFor();
    await attention(page, 'Orders').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByText('Orders, of acme.').waitFor();
    await page.getByLabel('Reason (optional)').fill('They are on it.');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await attention(page, 'An endpoint is paused: They are on it.').waitFor();
    expect((await rest.service.pauses.list()).data).toMatchObject([{ endpointId, scope: 'endpoint' }]);

    await attention(page, 'They are on it.').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Resumed.').waitFor();
    await page.getByRole('table', { name: 'Pauses' }).waitFor({ state: 'detached' });
    expect((await rest.service.pauses.list()).data).toEqual([]);

    rest.receiver.answer = { status: 200 };
    await rest.after(5 * MINUTE);
    await page.clock.runFor(6_000);
    await attention(page, 'Orders').waitFor({ state: 'detached' });
    expect(browser.problems).toEqual([]);
  });

  it('is for operators alone', async () => {
    const url = `${OPERATOR_PATH}/page`;
    expect((await rest.call('GET', url)).status).toBe(401);
    expect((await rest.call('GET', url, { headers: { 'x-operator': 'eve' } })).status).toBe(403);
    expect((await rest.call('GET', `${url}/operator.js`)).status).toBe(200);
    expect((await rest.call('GET', `${url}/element.js`)).status).toBe(404);
  });

  it('has nothing that axe finds, fits every width, speaks German, and leaves hostile text inert', async () => {
    const id = await rest.endpoint('tenant of a <b>name</b>', { name: HOSTILE });
    await rest.service.pauses.pause({
      scope: 'endpoint',
      endpointId: id,
      reason: `${HOSTILE} ${'x'.repeat(120)}`,
    });
    const page = await open('', { locale: 'de-DE' });

    await page.getByRole('heading', { name: 'Braucht Aufmerksamkeit' }).waitFor();
    await attention(page, HOSTILE).waitFor();
    expect(await browser.axe(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    expect(await page.title()).toBe('Webhooks');
    expect(browser.problems).toEqual([]);
  });
});
