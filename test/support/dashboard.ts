import type { BrowserContextOptions, Page } from 'playwright-core';
import type { TestBrowser } from './browser.js';
import type { RestApp } from './rest-app.js';

/** Opens the dashboard at a path as it appears after `#`, such as `/webhooks/new`. */
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
  // The browser's clock starts at the app's time, and runs on.
  await page.clock.install({ time: rest.clock.now() });
  await page.goto(`${await rest.app.getUrl()}/api/webhooks/dashboard#${place}`);
  return page;
}
