import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeBacklog } from '../support/backlog.js';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import type { Answer } from '../support/receiver.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const MINUTE = 60_000;

describe('work with the delivery log', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let accounts = 0;
  /** Of each test its own, with a webhook for everything. */
  let account: string;
  let endpointId: string;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({
        webhooks: { retry: { schedule: ['5m'] }, delivery: { pollInterval: '1h', timeout: '600ms' } },
      }),
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

  const emit = async (answer: Answer, type = 'post.published', data: object = {}): Promise<string> => {
    rest.receiver.answer = answer;
    const { id } = await rest.webhooks.emit(type, data, { tenant: account });
    await rest.settled();
    return id;
  };
  /** Both attempts of its schedule failed. */
  const emitFailing = async (type?: string): Promise<string> => {
    const id = await emit(500, type);
    await rest.after(5 * MINUTE);
    return id;
  };
  const open = (place = '/deliveries'): Promise<Page> =>
    openDashboard(browser, rest, { account, place: `/webhooks/${endpointId}${place}` });
  const rows = (page: Page): Locator => page.locator('.log tbody tr');
  const types = async (page: Page): Promise<string[]> =>
    (await rows(page).getByRole('link').allTextContents()).map((type) => type.trim());
  const found = (page: Page, count: string): Promise<void> =>
    page.getByRole('status').getByText(count, { exact: true }).waitFor();
  const search = (page: Page): Locator => page.getByRole('searchbox', { name: /^Search deliveries/ });
  const query = (page: Page): URLSearchParams => new URLSearchParams(page.url().split('?')[1]);
  const arrivals = (): string[] =>
    rest.receiver.arrivals
      .filter(({ path }) => path === `/${account}`)
      .map(({ headers }) => String(headers['webhook-id']));
  const check = (page: Page, index: number): Promise<void> =>
    rows(page).nth(index).getByRole('checkbox').check();

  it('finds a delivery by an id of it, and by a text of its payload, and keeps what was asked in the address', async () => {
    const first = await emit(200, 'post.created', { title: 'Hello World' });
    await emit(200, 'follower.gained', { title: 'Bye' });
    const page = await open();
    await rows(page).nth(1).waitFor();

    await search(page).fill('hello w');
    await found(page, '1 delivery');
    expect(await types(page)).toEqual(['post.created']);
    expect(query(page).get('search')).toBe('hello w');
    await page.reload();
    await found(page, '1 delivery');
    expect(await search(page).inputValue()).toBe('hello w');
    await search(page).fill(first);
    await expect.poll(() => query(page).get('search'), { timeout: 5_000 }).toBe(first);
    await found(page, '1 delivery');
    await search(page).fill('nothing like that');
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await found(page, '2 deliveries');
    expect(await search(page).inputValue()).toBe('');
  });

  it('is narrowed by the response and by how long it took, which are columns too', async () => {
    await emit(503, 'post.created');
    await emit((_, response) => void setTimeout(() => response.end(), 520), 'follower.gained');
    const gone = await open();
    await rows(gone).nth(1).waitFor();
    expect(await gone.getByRole('columnheader').allInnerTexts()).toEqual([
      '',
      'Status',
      'Event type',
      'Created',
      'Attempts',
      'Last response',
      'Duration',
      'Next attempt',
    ]);

    const response = gone.getByLabel('Response', { exact: true });
    await response.selectOption('503');
    await found(gone, '1 delivery');
    expect(await types(gone)).toEqual(['post.created']);
    await response.selectOption('2xx');
    await expect.poll(() => types(gone), { timeout: 5_000 }).toEqual(['follower.gained']);
    await response.selectOption('Any response');
    await gone.getByLabel('Duration', { exact: true }).selectOption('500 ms or longer');
    await expect.poll(() => types(gone), { timeout: 5_000 }).toEqual(['follower.gained']);
    expect(query(gone).get('slow')).toBe('500ms');
    await response.selectOption('Timed out');
    await gone.getByRole('heading', { name: 'No delivery matches' }).waitFor();
  });

  it('searches further back when it is asked to, and says how far it has come', async () => {
    await emit(200, 'post.created', { title: 'A needle' });
    rest.clock.advance('1h');
    const at = rest.clock.now();
    await storeBacklog(rest.dataSource, { endpointId, tenant: account, count: 21_000, at, as: 'failed' });
    rest.clock.advance('1m');
    const page = await open('/deliveries?search=needle');

    await page.getByRole('heading', { name: 'Nothing found yet' }).waitFor();
    await page.getByText(/^Searched back to Jan \d+, /).waitFor();
    await page.getByRole('button', { name: 'Search further' }).click();
    await rows(page).first().waitFor();
    expect(await types(page)).toEqual(['post.created']);
  });

  it('resends those that are selected, and asks first where some were delivered', async () => {
    const delivered = await emit(200, 'post.created');
    const one = await emitFailing();
    const two = await emitFailing('follower.gained');
    const page = await open();
    await rows(page).nth(2).waitFor();
    const bar = page.getByRole('group', { name: 'Selection' });
    rest.receiver.answer = 200;
    const before = arrivals().length;

    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
    await bar.getByText('3 selected').waitFor();
    await bar.getByRole('button', { name: 'Resend', exact: true }).click();
    await bar.getByText('1 already delivered. Resend?').waitFor();
    expect(await browser.axe(page)).toEqual([]);
    await bar.getByRole('button', { name: 'Only the 2 not delivered' }).click();
    await page.getByRole('status').getByText('2 deliveries resent.').waitFor();
    await bar.waitFor({ state: 'detached' });
    await rest.settled();
    expect(arrivals().slice(before).sort()).toEqual([one, two].sort());
    expect(arrivals().slice(before)).not.toContain(delivered);
  });

  it('keeps those selected that were not resent, and says why', async () => {
    await emitFailing();
    const page = await open();
    await rows(page).first().waitFor();
    await rest.as(account).patch(`/${endpointId}`, { active: false });

    await check(page, 0);
    await page.getByRole('button', { name: 'Resend', exact: true }).click();
    await page.getByText('1 not resent: The webhook is paused. Turn it on first.').waitFor();
    await page.getByText('1 selected').waitFor();
    await page.getByRole('button', { name: 'Clear selection' }).click();
    expect(await rows(page).first().getByRole('checkbox').isChecked()).toBe(false);
  });

  it('resends all that failed since one of them', async () => {
    await emitFailing('post.created');
    rest.clock.advance('1h');
    const one = await emitFailing();
    const two = await emitFailing('follower.gained');
    const page = await open();
    await rows(page).nth(1).getByRole('link').click();
    const before = arrivals().length;
    rest.receiver.answer = 200;

    await page.getByRole('button', { name: 'Resend all failed since this…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Recover missed events' });
    await dialog.getByRole('button', { name: 'Recover 2 deliveries' }).click();
    await dialog.getByRole('progressbar').waitFor();
    await rest.relay.runOnce();
    await rest.settled();
    expect(arrivals().slice(before).sort()).toEqual([one, two].sort());
  });

  it('opens what a bar of the chart counts, by click, by keyboard and from its table', async () => {
    rest.clock.advance(60 * MINUTE - (rest.clock.now() % (60 * MINUTE)));
    await emit(500, 'post.created');
    await rest.after(5 * MINUTE);
    await rest.as(account).post(`/${endpointId}/test`, { eventType: 'post.created' });
    rest.clock.advance('2h');
    await emit(200, 'follower.gained');
    rest.clock.advance('1m');
    const page = await open('/overview');
    const chart = page.locator('.chart-plot').first();
    await chart.locator('path.succeeded').waitFor();

    const { x, y, width } = (await chart.boundingBox())!;
    await page.mouse.click(x + width - 30, y + 150);
    await page.getByRole('button', { name: /^Remove: Attempted / }).waitFor();
    await found(page, '1 delivery');
    expect(await types(page)).toEqual(['follower.gained']);
    await page.goBack();
    await chart.focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    // One delivery with two attempts; the test is not counted there.
    await found(page, '1 delivery');
    expect(await types(page)).toEqual(['post.created']);
    await page.goBack();
    await page.getByText('Show as table').first().click();
    await page.locator('.chart-table').getByRole('button').last().click();
    await expect.poll(() => types(page), { timeout: 5_000 }).toEqual(['follower.gained']);
    await page.getByRole('button', { name: /^Remove: Attempted/ }).click();
    await found(page, '2 deliveries');
  });

  it('exports what the filters show as CSV and as JSON', async () => {
    await storeBacklog(rest.dataSource, {
      endpointId,
      tenant: account,
      count: 300,
      at: rest.clock.now() - MINUTE,
      as: 'failed',
    });
    const sent = await emit(200, 'post.created', { title: 'x' });
    const page = await open('/deliveries?status=failed');
    await rows(page).first().waitFor();
    const exported = async (format: string): Promise<{ name: string; text: string }> => {
      await page.getByRole('button', { name: 'Export…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Export deliveries' });
      const [file] = await Promise.all([
        page.waitForEvent('download') as Promise<Download>,
        dialog.getByRole('button', { name: format }).click(),
      ]);
      const text = await readFile(await file.path(), 'utf8');
      await dialog.getByText('exported.').waitFor();
      await page.keyboard.press('Escape');
      return { name: file.suggestedFilename(), text };
    };

    const csv = await exported('CSV');
    expect(csv.name).toMatch(/^deliveries-2026-01-\d\dT\d{4}\.csv$/);
    const lines = csv.text.split('\r\n');
    expect(lines[0]).toMatch(/^id,eventId,eventType,endpointId,status,test,attemptCount,statusCode,/);
    expect(lines).toHaveLength(302);
    expect(lines[1]).toMatch(/^dlv_[0-9a-f]{32},evt_[0-9a-f]{32},[\w.]+,ep_[0-9a-f]{32},failed,false,/);
    await page.getByLabel('Status', { exact: true }).selectOption('Succeeded');
    await found(page, '1 delivery');
    const json = await exported('JSON');
    expect(JSON.parse(json.text)).toMatchObject([{ eventId: sent, status: 'succeeded' }]);
  });

  it('exports payloads where that is asked for: the newest thousand, as they were sent', async () => {
    await emit(200, 'post.created', { title: 'a "quoted", =text' });
    await emit(200, 'post.published', { title: 'two' });
    const page = await open();
    await rows(page).nth(1).waitFor();
    await page.getByRole('button', { name: 'Export…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export deliveries' });
    await dialog.getByRole('checkbox', { name: 'With payloads' }).check();
    await dialog.getByText('newest first, up to 1,000 deliveries.').waitFor();
    const exported = async (format: string): Promise<string> => {
      const [file] = await Promise.all([
        page.waitForEvent('download') as Promise<Download>,
        dialog.getByRole('button', { name: format }).click(),
      ]);
      return readFile(await file.path(), 'utf8');
    };

    const json = JSON.parse(await exported('JSON')) as { payload: string }[];
    const sent = rest.receiver.arrivals.slice(-2).map(({ body }) => body);
    expect(json.map(({ payload }) => payload)).toEqual(sent.toReversed());
    const lines = (await exported('CSV')).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/,nextAttemptAt,payload$/);
    expect(lines[2]!.endsWith(`,"${sent[0]!.replaceAll('"', '""')}"`)).toBe(true);
  });

  it('selects all that are shown on a phone, too', async () => {
    await emit(500, 'post.created');
    await emit(500, 'post.published');
    const page = await open();
    await page.setViewportSize({ width: 360, height: 700 });
    await rows(page).nth(1).waitFor();

    const all = page.getByRole('checkbox', { name: 'Select all that are shown' });
    const { width, height } = (await page.locator('.log thead label').boundingBox())!;
    expect(width).toBeGreaterThan(120);
    expect(height).toBeGreaterThanOrEqual(24);
    await page.locator('.log thead label').click();
    expect(await all.isChecked()).toBe(true);
    await page.getByText('2 selected').waitFor();
  });
});
