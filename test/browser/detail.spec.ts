import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const MINUTE = 60_000;

describe('the page of a webhook', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let accounts = 0;
  /** Of each test its own, with a webhook for everything. */
  let account: string;
  let endpointId: string;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({ webhooks: { versions: { '2025-01-01': {}, '2026-01-01': {} } } }),
    ]);
  });
  beforeEach(async () => {
    account = `account-${++accounts}`;
    rest.receiver.answer = 200;
    endpointId = await rest.endpoint(account, { name: 'CRM' });
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const emit = async (answer: number): Promise<void> => {
    rest.receiver.answer = answer;
    await rest.webhooks.emit('post.published', {}, { tenant: account });
    await rest.settled();
  };
  const open = (place = '/overview'): Promise<Page> =>
    openDashboard(browser, rest, { account, place: `/webhooks/${endpointId}${place}` });
  const badge = (page: Page, text: string): Locator => page.locator('.page-head .badge').getByText(text);
  const figure = (page: Page, name: string): Promise<string> =>
    page.locator('.figures > div').filter({ hasText: name }).getByRole('definition').innerText();

  it('has the name, the URL to copy, and tabs that keep their place in the address', async () => {
    const page = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);

    await page.getByRole('heading', { level: 2, name: 'CRM' }).waitFor();
    await page.getByRole('button', { name: 'Copy URL' }).click();
    const url = `${rest.receiver.url}/${account}`;
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(url);
    const tabs = page.getByRole('navigation', { name: 'This webhook' });
    for (const tab of ['Deliveries', 'Settings', 'Changes', 'Overview']) {
      await tabs.getByRole('link', { name: tab }).click();
      expect(page.url()).toMatch(new RegExp(`#/webhooks/${endpointId}/${tab.toLowerCase()}$`));
      expect(await tabs.locator('[aria-current=page]').innerText()).toBe(tab);
    }
  });

  it('says until when its server wants a pause, and ends that at a click', async () => {
    rest.receiver.nextAnswers.push({ status: 429, headers: { 'retry-after': '1800' } });
    await emit(200);
    const page = await open();
    await page.getByText('Your server asked us to wait until').waitFor();
    expect(await browser.axe(page)).toEqual([]);
    const before = rest.receiver.arrivals.length;
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByText('Your server asked us to wait until').waitFor({ state: 'detached' });
    await rest.receiver.received(before + 1);
    await emit(200);
    expect(rest.receiver.arrivals.length).toBe(before + 2);
  });

  it('turns the webhook off and on, and says which it is', async () => {
    const page = await open();
    const active = page.getByRole('switch', { name: 'Active' });
    await badge(page, 'Active').waitFor();

    await active.focus();
    await page.keyboard.press('Space');
    await badge(page, 'Paused').waitFor();
    await page.getByText('This webhook is paused').waitFor();
    expect((await rest.as(account).get(`/${endpointId}`)).body.active).toBe(false);
    await page.getByRole('status').getByText('CRM is paused.').waitFor();
    await page.keyboard.press('Space');
    await badge(page, 'Active').waitFor();
    expect(await active.evaluate((it) => it.matches(':focus'))).toBe(true);
    expect((await rest.as(account).get(`/${endpointId}`)).body.active).toBe(true);
  });

  it('says since when every attempt has failed, and what will come of it', async () => {
    await emit(500);
    await rest.after(5 * MINUTE);
    rest.clock.advance(5 * MINUTE);
    const page = await open();

    await badge(page, 'Failing').waitFor();
    await page.getByText('If this goes on for 5 days, the webhook is disabled.').waitFor();
  });

  it('says why the webhook was disabled, while the page is open', async () => {
    const page = await open();
    await badge(page, 'Active').waitFor();

    await emit(410);
    await page.clock.fastForward(15_000);
    await badge(page, 'Disabled').waitFor();
    await page.getByText('Your server answered 410 Gone').waitFor();
    expect(await page.getByRole('switch', { name: 'Active' }).getAttribute('aria-checked')).toBe('false');
  });

  it('counts the attempts of the last day, 7 days and 30 days', async () => {
    for (const status of [200, 200, 200, 500]) await emit(status);
    rest.clock.advance('2d');
    await emit(200);
    rest.clock.advance('1m');
    const page = await open();
    const period = page.getByRole('group', { name: 'Period' });
    const counts = async (): Promise<string[]> =>
      Promise.all(['Succeeded', 'Failed, retried', 'Success rate'].map((name) => figure(page, name)));

    await page.locator('.figures').waitFor();
    expect(await counts()).toEqual(['1', '0', '100%']);
    await period.getByRole('button', { name: 'Last 7 days' }).click();
    await expect.poll(counts, { timeout: 5_000 }).toEqual(['4', '1', '80%']);
    await page.getByRole('heading', { level: 3, name: 'Last 7 days' }).waitFor();
    await period.getByRole('button', { name: 'Last 30 days' }).click();
    await page.getByRole('heading', { level: 3, name: 'Last 30 days' }).waitFor();
    await expect.poll(counts, { timeout: 5_000 }).toEqual(['4', '1', '80%']);
  });

  it('counts 24 hours as the last 24 hours, and no more', async () => {
    await emit(200);
    // It was on the hour, and it is 20 minutes past one now.
    rest.clock.advance(24 * 60 * MINUTE + 20 * MINUTE - (rest.clock.now() % (60 * MINUTE)));
    await emit(200);
    rest.clock.advance('1m');
    const page = await open();

    await expect.poll(() => figure(page, 'Succeeded'), { timeout: 5_000 }).toBe('1');
    await page.getByText('Show as table').first().click();
    const table = page.getByRole('table', { name: 'Attempts' });
    await expect.poll(() => table.locator('tbody tr').count(), { timeout: 5_000 }).toBe(24);
  });

  it('says after a test that tests don’t count here', async () => {
    await rest.as(account).post(`/${endpointId}/test`, { eventType: 'post.created' });
    const page = await open();

    await page.getByRole('heading', { name: 'No events sent in the last 24 hours' }).waitFor();
    await page.getByText('Tests don’t count: they are under Deliveries.').waitFor();
    expect(await page.getByText(/Nothing was sent/).count()).toBe(0);
  });

  it('begins its log above the fold of a phone, with the filters behind a button', async () => {
    await emit(200);
    rest.clock.advance('1m');
    const page = await open('/deliveries');
    await page.setViewportSize({ width: 360, height: 640 });
    const row = page.locator('.log tbody tr').first();
    await row.waitFor();
    expect((await page.locator('.log').first().boundingBox())!.y).toBeLessThan(450);
    expect((await row.boundingBox())!.y).toBeLessThan(500);

    expect(await page.getByLabel('Status', { exact: true }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await page.getByLabel('Status', { exact: true }).selectOption('Failed');
    await page.getByRole('button', { name: 'Filters (on)' }).waitFor();
  });

  it('has the numbers of each chart as a table', async () => {
    await emit(200);
    await emit(200);
    rest.clock.advance('1m');
    const page = await open();

    await page.getByText('Show as table').first().click();
    const table = page.getByRole('table', { name: 'Attempts' });
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
      'Time',
      'Succeeded',
      'Failed, retried',
      'Failed',
    ]);
    const values = await table.locator('tbody tr td:nth-child(2)').allTextContents();
    expect(values.filter((value) => value !== '0')).toEqual(['2']);
  });

  it('counts what comes while it is open', async () => {
    await emit(200);
    rest.clock.advance('1m');
    const page = await open();
    await page.locator('.figures').waitFor();

    await emit(200);
    rest.clock.advance('1m');
    await page.clock.fastForward(MINUTE);
    await expect.poll(() => figure(page, 'Succeeded'), { timeout: 5_000 }).toBe('2');
  });

  it('says that the webhook was deleted, and links back', async () => {
    await rest.as(account).delete(`/${endpointId}`);
    const page = await open();

    await page.getByRole('heading', { name: 'Webhook not found' }).waitFor();
    await page.getByRole('link', { name: 'Show your webhooks' }).click();
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    expect(browser.problems.splice(0)).toEqual([expect.stringContaining('404')]);
  });

  it('says that the numbers could not be loaded, and tries again', async () => {
    const page = await open('/settings');
    await page.route('**/stats?*', (route) => route.fulfill({ status: 500 }));

    await page.getByRole('link', { name: 'Overview' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'This could not be loaded' });
    await alert.waitFor();
    await page.unroute('**/stats?*');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.figures').waitFor();
    expect(browser.problems.splice(0)).toEqual([expect.stringContaining('500')]);
  });

  it('names its representation and its version in the settings, where they are not the usual ones', async () => {
    const facts = async (): Promise<string> => {
      const page = await open('/settings');
      await page.getByRole('tab', { name: 'Node.js' }).waitFor();
      return page.getByRole('region', { name: 'Details' }).innerText();
    };
    expect(await facts()).not.toMatch(/Representation|Version/);

    const change = { representation: 'slack', version: '2025-01-01' };
    expect((await rest.as(account).patch(`/${endpointId}`, change)).status).toBe(200);
    expect(await facts()).toMatch(/Representation\s+slack\s+Version\s+2025-01-01/);
    const template = { text: '{{id}}' };
    await rest.as(account).patch(`/${endpointId}`, { representation: { template } });
    expect(await facts()).toMatch(/Representation\s+template/);
  });

  it('shows who changed it, what changed and when, the newest first', async () => {
    const as = rest.as(account);
    rest.clock.advance('1h');
    await as.patch(`/${endpointId}`, { name: 'ERP', headers: { 'x-key': 'secret-of-acme' } });
    await as.patch(`/${endpointId}`, { active: false, headers: {} });
    await rest.webhooks.audit.as('Ada <b>', () => rest.webhooks.endpoints.secret(account, endpointId));

    const page = await open('/changes');
    const rows = page.getByRole('table', { name: 'Changes to this webhook' }).locator('tbody tr');
    await rows.first().waitFor();
    expect((await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^Secret revealed Ada <b> /),
      expect.stringMatching(
        /^Changed active: true, now false headers: \{"x-key":"\(hidden\)"\}, now \{\} Unknown user /,
      ),
      expect.stringMatching(
        /^Changed name: CRM, now ERP headers: \{\}, now \{"x-key":"\(hidden\)"\} Unknown user /,
      ),
      expect.stringMatching(/^Created name: CRM url: .* Application /),
    ]);
    expect(await browser.axe(page)).toEqual([]);
    await browser.screenshot(page, 'changes');

    await page.getByRole('switch', { name: 'Active' }).click();
    await rows.first().getByText('Activated').waitFor();
    expect(await rows.count()).toBe(5);
  });

  it('loads more changes on demand, and says if there are none or if loading failed', async () => {
    for (let change = 0; change < 55; change++)
      await rest.webhooks.endpoints.update(account, endpointId, { name: `CRM ${change}` });
    const page = await open('/changes');
    const rows = page.getByRole('table').locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows.count()).toBe(56);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);

    await rest.dataSource.query('DELETE FROM webhook_audit');
    const later = await open('/changes');
    await later.getByText('No changes recorded').waitFor();
    await later.route('**/audit?*', (route) => route.fulfill({ status: 500 }));
    await later.reload();
    await later.getByText('This could not be loaded').waitFor();
    await later.unroute('**/audit?*');
    await later.getByRole('button', { name: 'Try again' }).click();
    await later.getByText('No changes recorded').waitFor();
    expect(browser.problems.splice(0)).toEqual([expect.stringContaining('500')]);
  });
});
