import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { daily } from '../support/daily.js';
import { sampleDatabase, startBuiltSampleApp, type SampleDatabase } from '../support/sample-app.js';

/** As `npm run demo` starts it, with a schedule that does not make a test wait. */
describe('A visitor of the demo', () => {
  let browser: TestBrowser;
  let database: SampleDatabase;
  let roundabout: Awaited<ReturnType<typeof startBuiltSampleApp>>;

  beforeAll(async () => {
    [browser, database] = await Promise.all([openBrowser(), sampleDatabase('sqlite')]);
    roundabout = await startBuiltSampleApp({
      DATABASE_URL: database.url,
      DEMO: '1',
      WEBHOOKS_ALLOW_LOCAL: '1',
      WEBHOOKS_RETRY_SCHEDULE: '1s,1h',
    });
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await roundabout?.stop();
    await database?.drop();
  });

  const publish = async (page: Page, content: string): Promise<void> => {
    await page.goto(`${roundabout.url}/posts`);
    await page.getByLabel('Content').fill(content);
    await page.getByRole('button', { name: 'Save post' }).click();
    await page.getByText(content).first().waitFor();
  };

  it('sees a webhook arrive, fail, come again and be resent, without a terminal', async () => {
    const page = await browser.page();
    await page.goto(roundabout.url);
    await page.getByRole('button', { name: 'Continue as acme' }).click();
    const [receiver] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Open the demo receiver' }).click(),
    ]);
    const arrivals = receiver.locator('#arrivals .arrival');
    const arrival = (...texts: (string | RegExp)[]) =>
      texts.reduce((found, hasText) => found.filter({ hasText }), arrivals);

    await publish(page, 'Hello, receiver');
    await arrival('post.published', 'Hello, receiver', '200').waitFor();

    await receiver.getByRole('button', { name: 'Fail the next 2' }).click();
    await publish(page, 'Hello again');
    await arrival('post.published', 'Hello again', '500', /attempt 1/i).waitFor();
    await arrival('post.published', 'Hello again', '200', /attempt 2/i).waitFor();

    await page.goto(roundabout.url);
    await page.getByRole('link', { name: 'Open the delivery log' }).click();
    await page.getByRole('link', { name: 'post.published' }).first().click();
    const drawer = page.getByRole('dialog', { name: 'Delivery of post.published' });
    await drawer.getByText('Attempt 1').first().waitFor();
    await drawer.getByRole('button', { name: 'Resend', exact: true }).click();
    await drawer.getByRole('button', { name: 'Resend', exact: true }).click();
    await arrival('post.published', 'Hello again', '200', /attempt 3/i).waitFor();
  });

  it.each(
    daily(
      [
        ['light', 1280],
        ['dark', 360],
      ],
      ['dark', 1280],
      ['light', 360],
    ),
  )('finds every page of the app readable, %s, at %d px', async (colorScheme, width) => {
    const page = await browser.page({ colorScheme, viewport: { width, height: 800 } });
    await page.goto(roundabout.url);
    const found = [...(await looked(page, `sign-in-${colorScheme}-${width}`))];
    await page.getByRole('button', { name: 'Continue as acme' }).click();
    const places = [
      '',
      'posts',
      'platforms',
      'integrations/webhooks',
      'integrations/api-keys',
      'demo/receiver',
    ];
    for (const place of places) {
      await page.goto(`${roundabout.url}/${place}`);
      await page.getByRole('heading').first().waitFor();
      found.push(...(await looked(page, `roundabout-${place.replace('/', '-')}-${colorScheme}-${width}`)));
    }
    expect(found).toEqual([]);
  });

  /** What is wrong with a page, once it has settled. */
  async function looked(page: Page, name: string): Promise<string[]> {
    await page.waitForLoadState('networkidle');
    await browser.screenshot(page, name);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    const violations = await browser.axe(page);
    return [...violations, ...(overflow ? ['wider than the screen'] : [])].map(
      (wrong) => `${name}: ${wrong}`,
    );
  }
});
