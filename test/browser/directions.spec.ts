import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

/** What follows it is written from right to left, until something ends that. */
const OVERRIDE = '\u202e';

describe('the dashboard on a page that reads from right to left', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let endpointId: string;
  let page: Page;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
    endpointId = await rest.endpoint('acme', { name: `Shop ${OVERRIDE}of Ada`, events: ['post.*'] });
    await rest.webhooks.emit('post.published', { text: 'שלום!' }, { tenant: 'acme' });
    await rest.settled();
    rest.clock.advance('11s');
    page = await openDashboard(browser, rest, { place: '/events' });
    await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  });
  afterEach(() => {
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const go = (place: string): Promise<unknown> =>
    page.evaluate((hash) => (location.hash = hash), `/webhooks${place}`);
  /** Its characters as they stand from left to right, in the first line. */
  const asSeen = (element: Locator): Promise<string> =>
    element.evaluate((it) => {
      const walker = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
      const seen: { character: string; left: number; top: number }[] = [];
      while (walker.nextNode()) {
        const node = walker.currentNode as Text;
        [...node.data].forEach((character, index) => {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + 1);
          const { left, top, width } = range.getBoundingClientRect();
          if (width > 0) seen.push({ character, left, top });
        });
      }
      const first = Math.min(...seen.map(({ top }) => top));
      return seen
        .filter(({ top }) => top < first + 8)
        .sort((one, other) => one.left - other.left)
        .map(({ character }) => character)
        .join('')
        .trim();
    });

  it('writes patterns, URLs, times and sentences as they are read', async () => {
    await go('');
    await page.locator('.chip').waitFor();

    expect(await asSeen(page.locator('.chip'))).toBe('post.*');
    expect(await asSeen(page.locator('.endpoint-cell .ltr'))).toBe(`${rest.receiver.url}/acme`);
    expect(await asSeen(page.getByText('We send an HTTP request'))).toBe(
      'We send an HTTP request to your URL when something happens.',
    );
  });

  it('opens the drawer on the left, with JSON from left to right', async () => {
    await go(`/${endpointId}/deliveries`);
    const row = page.locator('.log tbody tr');
    expect(await asSeen(row.locator('time').first())).toMatch(/^1\d sec\. ago$/);
    await row.getByRole('link').click();
    const drawer = page.getByRole('dialog');
    const payload = drawer.getByRole('region', { name: 'Payload' });
    await payload.waitFor();

    expect((await drawer.boundingBox())!.x).toBe(0);
    expect(await payload.evaluate((it) => getComputedStyle(it).direction)).toBe('ltr');
    expect(await payload.evaluate((it) => getComputedStyle(it).textAlign)).toBe('left');
    expect(await asSeen(drawer.locator('.headers td').first())).toBe('application/json');
    expect(await asSeen(drawer.locator('.outcome .numeric'))).toMatch(/^200 OK, attempt 1, \d+ ms$/);
    await page.keyboard.press('Escape');
  });

  it('keeps what a name turns round within the name', async () => {
    await go(`/${endpointId}/overview`);
    const active = page.getByRole('switch', { name: 'Active' });
    await active.click();
    expect(await asSeen(page.locator('.toast'))).toMatch(/ is paused\.$/);
    await page.getByRole('button', { name: 'Send test' }).click();
    expect(await asSeen(page.getByRole('dialog').getByRole('heading').first())).toMatch(
      /^Send a test to Shop/,
    );
    await page.keyboard.press('Escape');
    const knob = (): Promise<string> =>
      active.evaluate((it) => getComputedStyle(it, '::after').getPropertyValue('right'));
    expect(await knob()).toBe('2px');
    await active.click();
    await expect.poll(knob).toBe('18px');
  });
});
