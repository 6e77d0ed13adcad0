import type { BrowserContextOptions, Page } from 'playwright-core';
import type { TestBrowser } from './browser.js';
import type { RestApp } from './rest-app.js';

/** Ids and places as the dashboard has them behind `#`, such as `/webhooks/new`. */
export async function openDashboard(
  browser: TestBrowser,
  rest: RestApp,
  {
    place = '',
    account = 'acme',
    ...options
  }: BrowserContextOptions & { place?: string; account?: string } = {},
): Promise<Page> {
  const page = await browser.page({ extraHTTPHeaders: { 'x-account': account }, ...options });
  // The app's clock is the reader's, too; it goes on from there.
  await page.clock.install({ time: rest.clock.now() });
  await page.goto(`${await rest.app.getUrl()}/api/webhooks/dashboard#${place}`);
  return page;
}
