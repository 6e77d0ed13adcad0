import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

describe('The customers’ guide, as a page', () => {
  let browser: TestBrowser;
  let rest: RestApp;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({ webhooks: { guide: { product: 'Acme', public: true } } }),
    ]);
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const url = async (): Promise<string> => `${await rest.app.getUrl()}/api/webhooks/guide`;
  const widthsOf = (page: Page): Promise<[number, number]> =>
    page.evaluate('[document.scrollingElement.scrollWidth, innerWidth]');

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
    ['dark', 320],
  ] as const)('can be read in %s at %d px, without a script', async (colorScheme, width) => {
    const page = await browser.page({ colorScheme, viewport: { width, height: 800 } });
    await page.goto(await url());
    await browser.screenshot(page, `guide ${colorScheme} ${width}`);

    expect(await browser.axe(page)).toEqual([]);
    const [content, viewport] = await widthsOf(page);
    expect(content).toBeLessThanOrEqual(viewport);
    await page.close();

    const plain = await browser.page({ colorScheme, javaScriptEnabled: false });
    await plain.goto(await url());
    expect(await plain.getByRole('heading', { level: 1 }).allTextContents()).toEqual([
      'Acme - Webhook Integration Guide',
    ]);
    expect(await plain.getByRole('navigation').getByRole('link').count()).toBeGreaterThan(7);
    await plain.getByRole('navigation').getByRole('link', { name: 'Best Practices' }).click();
    expect(plain.url()).toMatch(/#best-practices$/);
  });

  it('is linked from the dashboard’s event types, and opens from there', async () => {
    const page = await openDashboard(browser, rest, { place: '/event-types' });
    const link = page.getByRole('link', { name: 'Read the integration guide' });
    const [guide] = await Promise.all([page.context().waitForEvent('page'), link.click()]);

    await guide.getByRole('heading', { level: 1, name: 'Acme - Webhook Integration Guide' }).waitFor();
    expect(guide.url()).toBe(await url());
  });
});
