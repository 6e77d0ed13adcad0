import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

describe('the address of the dashboard', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let endpointId: string;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
    await rest.endpoint('acme', { name: 'Warehouse', events: ['follower.gained'] });
    endpointId = await rest.endpoint('acme', { name: 'CRM' });
    for (const [type, status] of [
      ['post.created', 200],
      ['post.published', 200],
      ['post.created', 500],
    ] as const) {
      rest.receiver.answer = status;
      await rest.webhooks.emit(type, {}, { tenant: 'acme' });
      await rest.settled();
    }
    rest.clock.advance('1m');
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const open = (place = ''): Promise<Page> => openDashboard(browser, rest, { place });
  const openLog = async (): Promise<Page> => {
    const page = await open(`/webhooks/${endpointId}/overview`);
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await rowsAre(page, 3);
    return page;
  };
  const rows = (page: Page): Locator => page.locator('tbody tr');
  const rowsAre = (page: Page, count: number): Promise<void> =>
    expect.poll(() => rows(page).count(), { timeout: 5_000 }).toBe(count);
  const chosen = (page: Page, name: string): Promise<string> =>
    page.getByLabel(name, { exact: true }).inputValue();
  const choose = (page: Page, name: string, option: string): Promise<unknown> =>
    page.getByLabel(name, { exact: true }).selectOption(option);
  const drawer = (page: Page): Locator => page.getByRole('dialog', { name: /^Delivery of/ });

  it('has the filters of the log: another tab, a reload and Back keep them', async () => {
    const page = await openLog();
    await choose(page, 'Status', 'Succeeded');
    await choose(page, 'Event type', 'post.created');
    await choose(page, 'Period', 'Last hour');
    await choose(page, 'Tests', 'Exclude tests');
    await rowsAre(page, 1);
    expect(page.url()).toContain(
      '/deliveries?status=succeeded&eventType=post.created&period=1h&tests=without',
    );
    const expectFilters = async (): Promise<void> => {
      await rowsAre(page, 1);
      const names = ['Status', 'Event type', 'Period', 'Tests'];
      const values = await Promise.all(names.map((name) => chosen(page, name)));
      expect(values).toEqual(['succeeded', 'post.created', '1h', 'without']);
    };

    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await expectFilters();
    await page.reload();
    await expectFilters();
    await rows(page).getByRole('link').click();
    await drawer(page).waitFor();
    await page.goBack();
    await drawer(page).waitFor({ state: 'detached' });
    await expectFilters();
    await page.getByRole('link', { name: 'Your webhooks' }).click();
    await page.getByRole('heading', { name: 'Your webhooks' }).waitFor();
    await page.goBack();
    await expectFilters();
  });

  it('has a period of one’s own, and no filter once it is cleared', async () => {
    const from = new Date(rest.clock.now() - 3_600_000).toISOString().slice(0, 16);
    const page = await openLog();
    await choose(page, 'Period', 'Custom range');
    await page.getByLabel('From', { exact: true }).fill(from);
    await page.reload();
    await rowsAre(page, 3);
    expect(await chosen(page, 'From')).toBe(from);

    await choose(page, 'Status', 'Canceled');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rowsAre(page, 3);
    expect(page.url()).toMatch(/\/deliveries$/);
  });

  it.each([
    ['Escape', (page: Page) => page.keyboard.press('Escape')],
    ['its button', (page: Page) => page.getByRole('button', { name: 'Close', exact: true }).click()],
  ])('does not open a drawer again that was closed by %s', async (_, close) => {
    const page = await openLog();
    await rows(page).getByRole('link').first().click();
    await drawer(page).waitFor();
    await close(page);
    await drawer(page).waitFor({ state: 'detached' });

    await page.goBack();
    await page.getByRole('heading', { name: 'Last 24 hours' }).waitFor();
    expect(await drawer(page).count()).toBe(0);
  });

  it('goes on to the log when a drawer is closed that was opened from its address', async () => {
    const { body } = await rest.as('acme').get(`/${endpointId}/deliveries?limit=1`);
    const page = await open('/events');
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await page.evaluate(
      (place) => (location.hash = place),
      `/webhooks/${endpointId}/deliveries/${body.data[0].id}`,
    );
    await drawer(page).waitFor();
    await page.keyboard.press('Escape');
    await rowsAre(page, 3);
    expect(page.url()).toMatch(/\/deliveries$/);

    await page.goBack();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
  });

  it('has the filters of events, the search for webhooks and types, and the period of the charts', async () => {
    const page = await open('/events');
    await choose(page, 'Event type', 'post.published');
    await rowsAre(page, 1);
    await page.getByRole('link', { name: 'Event types' }).click();
    await page.getByRole('searchbox').fill('follower');
    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    await page.getByRole('searchbox').fill('crm');
    await rowsAre(page, 1);
    await page.getByRole('link', { name: 'CRM' }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByRole('heading', { name: 'Last 7 days' }).waitFor();

    await page.reload();
    await page.getByRole('heading', { name: 'Last 7 days' }).waitFor();
    await page.goBack();
    await rowsAre(page, 1);
    expect(await page.getByRole('searchbox').inputValue()).toBe('crm');
    await page.goBack();
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('follower');
    await page.goBack();
    await rowsAre(page, 1);
    expect(await chosen(page, 'Event type')).toBe('post.published');
  });

  it('keeps filters where the address is left alone, too', async () => {
    const page = await openLog();
    await page.evaluate(() => document.querySelector('webhooks-dashboard')!.removeAttribute('routing'));
    await choose(page, 'Status', 'Succeeded');
    await rowsAre(page, 2);
    await page.getByRole('button', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Deliveries', exact: true }).click();
    await rowsAre(page, 2);
    expect(await chosen(page, 'Status')).toBe('succeeded');
    expect(page.url()).toMatch(/\/deliveries$/);
  });

  it('follows a click anywhere on a row', async () => {
    const page = await openLog();
    await rows(page).first().locator('time').first().click();
    await drawer(page).waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await rows(page).first().locator('time').click();
    await page.getByRole('heading', { level: 2, name: 'post.created' }).waitFor();
    await rows(page).first().locator('td').last().click();
    await drawer(page).waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    const row = rows(page).filter({ hasText: 'Warehouse' });
    await row.getByRole('switch').click();
    await page.getByText(/^Warehouse is/).waitFor();
    expect(page.url()).toMatch(/#\/webhooks$/);
    await row.getByRole('switch').click();
    await row.locator('td').nth(2).click();
    await page.getByRole('heading', { level: 2, name: 'Warehouse' }).waitFor();
  });
});
