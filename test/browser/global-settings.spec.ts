import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { everything } from '../support/global-settings.js';
import { ADAPTERS, restApp, type RestApp } from '../support/rest-app.js';

describe('The dashboard in an app with interceptors, filters, pipes, a cache and helmet', () => {
  let browser: TestBrowser;
  let rest: RestApp | undefined;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await browser.closePages();
    await rest?.stop();
    rest = undefined;
  });
  afterAll(() => browser?.stop());

  it.each(ADAPTERS)('lists the webhooks of each tenant, on %s', async (adapter) => {
    rest = await restApp(everything(adapter));
    await rest.endpoint('acme', { name: 'CRM of acme' });
    await rest.endpoint('globex', { name: 'CRM of globex' });

    for (const account of ['acme', 'globex']) {
      const page = await openDashboard(browser, rest, { account });
      await page.getByText(`CRM of ${account}`).waitFor();
      await page.getByRole('navigation').getByText('Event types').click();
      await page.getByText('A post went live.').first().waitFor();
    }
    expect(browser.problems).toEqual([]);
  });
});
