import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('recovering what a webhook missed', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let accounts = 0;
  /** Of each test its own, with a webhook for everything. */
  let account: string;
  let endpointId: string;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({ webhooks: { retry: { schedule: ['5m'] } } }),
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

  const emit = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let emitted = 0; emitted < count; emitted++) {
      ids.push((await rest.webhooks.emit('post.published', {}, { tenant: account })).id);
    }
    await rest.settled();
    return ids;
  };
  /** Events whose deliveries failed for good. */
  const fail = async (count: number): Promise<string[]> => {
    rest.receiver.answer = 500;
    const ids = await emit(count);
    await rest.after(5 * MINUTE);
    rest.receiver.answer = 200;
    return ids;
  };
  const turn = (active: boolean): Promise<unknown> => rest.as(account).patch(`/${endpointId}`, { active });
  /** Events while the webhook was off: they have no delivery. */
  const miss = async (count: number): Promise<string[]> => {
    await turn(false);
    const ids = await emit(count);
    await turn(true);
    return ids;
  };
  const arrivedAfter = (known: number): unknown[] =>
    rest.receiver.arrivals
      .slice(known)
      .filter(({ path }) => path === `/${account}`)
      .map(({ headers }) => headers['webhook-id']);

  const open = async (options: { timezoneId?: string } = {}): Promise<[Page, Locator]> => {
    rest.clock.advance('1m');
    const place = `/webhooks/${endpointId}/deliveries`;
    const page = await openDashboard(browser, rest, { account, place, ...options });
    await page.getByRole('button', { name: 'Recover missed events…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Recover missed events' });
    await dialog.waitFor();
    return [page, dialog];
  };
  /** How it goes, by outcome. */
  const outcomes = (dialog: Locator): Promise<string[]> =>
    dialog.getByRole('status').getByRole('listitem').allInnerTexts();
  const timeField = (dialog: Locator, name: string): Locator =>
    dialog.getByLabel(name).and(dialog.locator('input'));
  const local = (time: number): string => new Date(time).toISOString().slice(0, 16);
  const expectFailedRequests = (): void => {
    const others = browser.problems.splice(0).filter((text) => !/Failed to load resource/.test(text));
    expect(others).toEqual([]);
  };

  it('says what it would send, sends it, and shows how far it is', async () => {
    const expected = [...(await fail(3)), ...(await miss(2))];
    const known = rest.receiver.arrivals.length;
    const [page, dialog] = await open();

    const planned = dialog.getByRole('status').getByRole('listitem');
    await planned.nth(1).waitFor();
    expect(await planned.allInnerTexts()).toEqual([
      '3 failed deliveries will be resent.',
      '2 events this webhook never received will be sent.',
    ]);
    expect(rest.receiver.arrivals.length).toBe(known);
    await dialog.getByRole('button', { name: 'Recover 5 deliveries' }).click();
    await dialog.getByRole('progressbar', { name: 'Recovering' }).waitFor();
    expect(await dialog.getByText('0 of 5 sent').isVisible()).toBe(true);

    await rest.after(0);
    expect(arrivedAfter(known).toSorted()).toEqual(expected.toSorted());
    await page.clock.fastForward(1_000);
    await dialog.getByRole('progressbar', { name: 'All delivered' }).waitFor();
    expect(await dialog.getByText('5 of 5 sent').isVisible()).toBe(true);
    expect(await outcomes(dialog)).toEqual(['5 delivered']);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.clock.fastForward(5_000);
    const succeeded = page.getByRole('table').getByText('Succeeded');
    await succeeded.nth(4).waitFor();
    expect(await succeeded.count()).toBe(5);
  });

  it('counts what failed apart from what was canceled', async () => {
    await fail(2);
    rest.receiver.answer = 503;
    await emit(1);
    await turn(false);
    await rest.after(5 * MINUTE);
    await turn(true);
    const [, dialog] = await open();

    const planned = dialog.getByRole('status').getByRole('listitem');
    await planned.nth(1).waitFor();
    expect(await planned.allInnerTexts()).toEqual([
      '2 failed deliveries will be resent.',
      '1 canceled delivery will be resent.',
    ]);
  });

  it('tells what was delivered from what is being retried and what has failed', async () => {
    await miss(4);
    rest.receiver.answer = 503;
    // One that is being retried already is none of those that were started.
    await emit(1);
    const [page, dialog] = await open();
    await dialog.getByText('1 other delivery of this period is already being sent or retried.').waitFor();
    await dialog.getByRole('button', { name: 'Recover 4 deliveries' }).click();
    await dialog.getByRole('progressbar', { name: 'Recovering' }).waitFor();
    expect(await outcomes(dialog)).toEqual(['0 delivered', '4 waiting']);

    await rest.after(0);
    await page.clock.fastForward(1_000);
    await dialog.getByRole('progressbar', { name: 'Nothing was delivered yet' }).waitFor();
    expect(await outcomes(dialog)).toEqual(['0 delivered', '4 being retried']);

    let answered = 0;
    rest.receiver.answer = (_, response) => response.writeHead(++answered % 2 === 0 ? 200 : 500).end();
    await rest.after(5 * MINUTE);
    await page.clock.fastForward(5_000);
    await dialog.getByRole('progressbar', { name: 'Finished, not all delivered' }).waitFor();
    const counts = (await outcomes(dialog)).map((text) => Number.parseInt(text, 10));
    expect(counts.reduce((sum, count) => sum + count)).toBe(4);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('counts up while it sends the first 100, and the rest', async () => {
    await miss(130);
    const [page, dialog] = await open();
    await dialog.getByRole('button', { name: 'Recover 130 deliveries' }).click();
    await dialog.getByText('0 of 130 sent').waitFor();
    const bar = dialog.getByRole('progressbar');

    await rest.after(0);
    await page.clock.fastForward(1_000);
    await dialog.getByText('100 of 130 sent').waitFor();
    expect(await bar.evaluate((element: HTMLProgressElement) => element.position)).toBeCloseTo(100 / 130);
    await rest.after(2_000);
    await page.clock.fastForward(1_000);
    await dialog.getByText('130 of 130 sent').waitFor();
  });

  it('goes on sending when the dialog is closed', async () => {
    const expected = await miss(2);
    const known = rest.receiver.arrivals.length;
    const [page, dialog] = await open();
    await dialog.getByRole('button', { name: 'Recover 2 deliveries' }).click();
    await dialog.getByText('You can close this. Sending goes on.').waitFor();

    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('table').getByText('Pending').nth(1).waitFor();
    await rest.after(0);
    expect(arrivedAfter(known).toSorted()).toEqual(expected.toSorted());
  });

  it('says that there is nothing to recover', async () => {
    await emit(1);
    const [, dialog] = await open();

    await dialog.getByText('There is nothing to recover in this period.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Recover deliveries' }).isDisabled()).toBe(true);
  });

  it('recovers nothing from before or after the period', async () => {
    await fail(1);
    rest.clock.advance('3h');
    await fail(2);
    rest.clock.advance('90m');
    await miss(1);
    const [, dialog] = await open();
    const recovers = (words: string): Promise<void> =>
      dialog.getByRole('button', { name: `Recover ${words}` }).waitFor();

    await recovers('4 deliveries');
    await dialog.getByRole('button', { name: 'Last hour' }).click();
    await recovers('1 delivery');
    await dialog.getByRole('button', { name: 'Last 7 days' }).click();
    await recovers('4 deliveries');
    await timeField(dialog, 'Until').fill(local(rest.clock.now() - 3 * HOUR));
    await recovers('1 delivery');
    expect(await dialog.getByText('1 failed delivery will be resent.').isVisible()).toBe(true);
  });

  it('says what is wrong with a period beside the field', async () => {
    await miss(1);
    const [, dialog] = await open();
    const [since, until] = [timeField(dialog, 'Since'), timeField(dialog, 'Until')];
    const start = dialog.getByRole('button', { name: 'Recover deliveries' });
    await dialog.getByRole('button', { name: 'Recover 1 delivery' }).waitFor();

    await until.fill(local(rest.clock.now() - 48 * HOUR));
    await dialog.getByText('The end must be after the start.').waitFor();
    expect(await until.getAttribute('aria-invalid')).toBe('true');
    expect(await start.isDisabled()).toBe(true);
    await until.fill('');
    await since.fill(local(rest.clock.now() + HOUR));
    await dialog.getByText('The start must be in the past.').waitFor();
    expect(await since.getAttribute('aria-invalid')).toBe('true');
    await since.fill('');
    await dialog.getByText('Choose since when.').waitFor();
    expect(await start.isDisabled()).toBe(true);
  });

  it('waits until a webhook that is off has been turned on', async () => {
    await turn(false);
    const expected = await emit(2);
    const known = rest.receiver.arrivals.length;
    const [page, dialog] = await open();

    await dialog.getByText('This webhook is paused').waitFor();
    const start = dialog.getByRole('button', { name: 'Recover 2 deliveries' });
    await start.waitFor();
    expect(await start.isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.getByText('This webhook is paused').waitFor({ state: 'detached' });
    await start.click();
    await dialog.getByText('0 of 2 sent').waitFor();
    await rest.after(0);
    expect(arrivedAfter(known).toSorted()).toEqual(expected.toSorted());
    await page.clock.fastForward(1_000);
    await dialog.getByText('2 of 2 sent').waitFor();
  });

  it('reaches back to when the webhook was disabled, once it is on again', async () => {
    rest.receiver.answer = 410;
    await emit(1);
    rest.receiver.answer = 200;
    rest.clock.advance('3d');
    await emit(2);
    rest.clock.advance('1m');
    const page = await openDashboard(browser, rest, { account, place: `/webhooks/${endpointId}/overview` });

    await page.getByRole('switch', { name: 'Active' }).click();
    await page.getByText('3 deliveries missed since').waitFor();
    await page.getByRole('button', { name: 'Recover 3 deliveries' }).waitFor();
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await page.getByRole('button', { name: 'Recover missed events…' }).click();
    await page.getByText('1 failed delivery will be resent.').waitFor();
    await page.getByText('2 events this webhook never received will be sent.').waitFor();
  });

  it('says so where it could not be counted or started', async () => {
    await miss(1);
    const [page, dialog] = await open();
    const start = dialog.getByRole('button', { name: 'Recover 1 delivery' });
    await start.waitFor();
    await turn(false);

    await start.click();
    await dialog.getByRole('alert').getByText('is paused').waitFor();
    await page.route('**/recover?*', (route) => route.abort());
    await dialog.getByRole('button', { name: 'Last hour' }).click();
    await dialog.getByRole('status').getByText('The server can’t be reached.').waitFor();
    expectFailedRequests();
  });

  it('takes the time that was chosen in an hour that comes twice', async () => {
    // In Berlin it is 02:00 to 03:00 from 00:00 to 01:00 UTC, and again until 02:00 UTC.
    rest.clock.advance(Date.UTC(2026, 9, 25, 0, 10) - rest.clock.now());
    await fail(1);
    rest.clock.advance(Date.UTC(2026, 9, 25, 1, 20) - rest.clock.now());
    await fail(2);
    rest.clock.advance(Date.UTC(2026, 9, 25, 2, 10) - rest.clock.now());
    const [, dialog] = await open({ timezoneId: 'Europe/Berlin' });
    const recovers = (words: string): Promise<void> =>
      dialog.getByRole('button', { name: `Recover ${words}` }).waitFor();
    const since = timeField(dialog, 'Since');
    const which = dialog.getByLabel('Since: this hour comes twice');

    await dialog.getByRole('button', { name: 'Last hour' }).click();
    await recovers('2 deliveries');
    expect(await since.inputValue()).toBe('2026-10-25T02:11');
    expect(await which.locator('option').allTextContents()).toEqual(['02:11 AM GMT+2', '02:11 AM GMT+1']);
    await which.selectOption('02:11 AM GMT+2');
    await since.fill('2026-10-25T02:09');
    await recovers('3 deliveries');
    await which.selectOption('02:09 AM GMT+1');
    await recovers('2 deliveries');
    await since.fill('2026-10-25T01:59');
    await recovers('3 deliveries');
    expect(await which.count()).toBe(0);
    await timeField(dialog, 'Until').fill('2026-10-25T02:20');
    await recovers('1 delivery');
    await dialog.getByLabel('Until: this hour comes twice').selectOption('02:20 AM GMT+1');
    await recovers('1 delivery');
    await timeField(dialog, 'Until').fill('2026-10-25T02:21');
    await recovers('3 deliveries');
  });
});
