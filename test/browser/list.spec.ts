import { WebhookEndpoint } from 'nestjs-webhooks';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const LIST = '**/api/webhooks?*';

describe('the list of webhooks', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let accounts = 0;
  /** Of each test its own. */
  let account: string;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({ webhooks: { retry: { schedule: ['5m', '15m'] }, disableAfter: '10m' } }),
    ]);
  });
  beforeEach(() => {
    account = `account-${++accounts}`;
    rest.receiver.answer = 200;
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const open = (place = ''): Promise<Page> => openDashboard(browser, rest, { account, place });
  const emit = async (answer: number): Promise<void> => {
    rest.receiver.answer = answer;
    await rest.webhooks.emit('post.published', {}, { tenant: account });
    await rest.settled();
  };
  const endpoints = async (count: number): Promise<void> => {
    for (let number = 1; number <= count; number++) await rest.endpoint(account, { name: `Hook ${number}` });
  };
  const row = (page: Page, name: string): Locator => page.getByRole('row').filter({ hasText: name });
  const rows = (page: Page): Locator => page.getByRole('table', { name: 'Webhooks' }).locator('tbody tr');
  const isActive = async (id: string): Promise<unknown> => {
    const [found] = await rest.dataSource.query('SELECT active FROM webhook_endpoints WHERE id = ?', [id]);
    return Boolean(found.active);
  };
  /** Chromium tells of each response of 400 and up, and of each that did not come. */
  const expectFailedRequests = (): void => {
    expect(browser.problems.splice(0).filter((problem) => !/Failed to load resource/.test(problem))).toEqual(
      [],
    );
  };

  it('leads an account without webhooks to its first one', async () => {
    const page = await open();

    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    expect(await page.getByRole('searchbox').count()).toBe(0);
    await page.getByRole('link', { name: 'Add webhook' }).click();
    await page.getByRole('heading', { level: 2, name: 'Add webhook' }).waitFor();
  });

  it('shows names, URLs and events, a long list of events folded', async () => {
    await rest.endpoint(account, { name: 'CRM', events: ['post.*', 'follower.gained'] });
    await rest.endpoint(account, {
      name: 'Everything',
      events: ['*', 'post.*', 'post.created', 'post.published'],
    });
    const page = await open();

    await row(page, 'CRM').getByText(`${rest.receiver.url}/${account}`).waitFor();
    const chips = row(page, 'CRM').getByRole('list').getByRole('listitem');
    expect(await chips.allInnerTexts()).toEqual(['post.*', 'follower.gained']);
    const many = row(page, 'Everything');
    expect(await many.getByRole('listitem').allInnerTexts()).toEqual(['all events', 'post.*']);
    await many.getByRole('button', { name: '+2 more events of Everything' }).click();
    expect(await many.getByRole('listitem').count()).toBe(4);
  });

  it('says how the attempts of the last day went', async () => {
    await rest.endpoint(account, { name: 'Busy' });
    await emit(200);
    await emit(200);
    await emit(503);
    rest.clock.advance('1m');
    const page = await open();

    const health = 'Last 24 hours: 2 succeeded, 1 failed and retried, 0 failed';
    await row(page, 'Busy').getByRole('img', { name: health }).waitFor();
    expect(await row(page, 'Busy').getByText('67%').isVisible()).toBe(true);
  });

  it('says no traffic where nothing was sent', async () => {
    await rest.endpoint(account, { name: 'Quiet' });
    const page = await open();

    await row(page, 'Quiet').getByText('No traffic').waitFor();
  });

  it('says why a webhook gets nothing: off, failing, or disabled by us', async () => {
    await rest.endpoint(account, { name: 'Idle', active: false });
    await rest.endpoint(account, {
      name: 'Gone',
      url: `${rest.receiver.url}/gone`,
      events: ['post.created'],
    });
    await rest.endpoint(account, { name: 'Broken', events: ['post.published'] });
    rest.receiver.answer = 410;
    await rest.webhooks.emit('post.created', {}, { tenant: account });
    await rest.settled();
    await emit(500);
    await rest.after(300_000);
    rest.clock.advance(300_000);
    const page = await open();

    await row(page, 'Broken').getByText('Failing').waitFor();
    expect(await row(page, 'Broken').innerText()).toMatch(/for 10 minutes/);
    expect(await row(page, 'Idle').getByText('Paused', { exact: true }).count()).toBe(1);
    expect(await row(page, 'Gone').getByText('Disabled: 410 Gone').isVisible()).toBe(true);

    await rest.after(600_000);
    await page.reload();
    await row(page, 'Broken').getByText('Disabled: kept failing').waitFor();
    const active = row(page, 'Broken').getByRole('switch', { name: 'Broken is active' });
    expect(await active.getAttribute('aria-checked')).toBe('false');
  });

  it('turns a webhook off, and on again', async () => {
    const id = await rest.endpoint(account, { name: 'CRM' });
    const page = await open();
    const active = page.getByRole('switch', { name: 'CRM is active' });

    await active.click();
    await page.getByRole('status').getByText('CRM is paused.').waitFor();
    expect(await active.getAttribute('aria-checked')).toBe('false');
    expect(await isActive(id)).toBe(false);
    await row(page, 'CRM').getByText('Paused', { exact: true }).waitFor();

    await active.click();
    await page.getByRole('status').getByText('CRM is active.').waitFor();
    expect(await active.getAttribute('aria-checked')).toBe('true');
    expect(await isActive(id)).toBe(true);
  });

  it('undoes turning off, and sends what came meanwhile', async () => {
    const id = await rest.endpoint(account, { name: 'CRM' });
    const page = await open();
    await page.getByRole('switch', { name: 'CRM is active' }).click();
    const undo = page.getByRole('status').getByRole('button', { name: 'Undo' });
    await undo.waitFor();
    await emit(200);
    rest.clock.advance('1s');
    const known = rest.receiver.arrivals.length;

    await undo.click();
    await page.getByText('CRM is active again. 1 missed delivery is being sent.').waitFor();
    expect(await isActive(id)).toBe(true);
    await rest.after(0);
    expect(rest.receiver.arrivals.length).toBe(known + 1);
    expect(await undo.count()).toBe(0);
  });

  it('reaches Undo by one Tab from the switch, and goes on behind it', async () => {
    await rest.endpoint(account, { name: 'Below' });
    await rest.endpoint(account, { name: 'CRM' });
    const page = await open();
    const active = page.getByRole('switch', { name: 'CRM is active' });
    const undo = page.getByRole('button', { name: 'Undo' });
    const focused = (place: Locator): Promise<boolean> => place.evaluate((it) => it.matches(':focus'));

    await active.focus();
    await page.keyboard.press('Space');
    await undo.waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(undo)).toBe(true);
    // It stays for as long as it has the focus.
    await page.clock.fastForward(60_000);
    await page.keyboard.press('Tab');
    expect(await focused(page.getByRole('link', { name: 'Below' }))).toBe(true);
    await page.clock.fastForward(60_000);
    await undo.waitFor({ state: 'detached' });

    await active.focus();
    await page.keyboard.press('Space');
    await page.getByText('CRM is active.').waitFor();
    await page.keyboard.press('Space');
    await undo.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('CRM is active again.').waitFor();
    expect(await focused(active)).toBe(true);
  });

  it('offers what a webhook missed once it is on again, in one click', async () => {
    const id = await rest.endpoint(account, { name: 'CRM' });
    await rest.as(account).patch(`/${id}`, { active: false });
    rest.clock.advance('3d');
    await emit(200);
    await emit(200);
    rest.clock.advance('1m');
    const page = await open();
    const known = rest.receiver.arrivals.length;

    await page.getByRole('switch', { name: 'CRM is active' }).click();
    const offer = row(page, 'CRM').getByRole('status');
    await offer.getByText('2 deliveries missed since').waitFor();
    await offer.getByRole('button', { name: 'Recover 2 deliveries' }).click();
    await offer.getByText('2 missed deliveries are being sent.').waitFor();
    await rest.after(0);
    expect(rest.receiver.arrivals.length).toBe(known + 2);
    await offer.getByRole('link', { name: 'Show deliveries' }).click();
    await page.getByRole('heading', { name: 'CRM', level: 2 }).waitFor();
  });

  it('offers nothing where nothing was missed, and on a first turn', async () => {
    await emit(200);
    rest.clock.advance('1m');
    await rest.endpoint(account, { name: 'New', active: false });
    await rest.endpoint(account, { name: 'CRM' });
    rest.clock.advance('1m');
    const page = await open();
    await page.getByRole('switch', { name: 'New is active' }).click();
    await page.getByText('New is active.').waitFor();
    await page.getByRole('switch', { name: 'CRM is active' }).click();
    await page.getByText('CRM is paused.').waitFor();
    const counted = page.waitForResponse('**/recover?*');
    await page.getByRole('switch', { name: 'CRM is active' }).click();
    expect((await (await counted).json()).toCreate).toBe(0);
    await page.getByText('CRM is active.').waitFor();
    expect(await page.getByText('missed since').count()).toBe(0);
  });

  it('leaves a switch as it was where the change fails, and says so', async () => {
    const id = await rest.endpoint(account, { name: 'CRM' });
    const page = await open();
    await page.route(`**/api/webhooks/${id}`, (route) => route.abort());
    const active = page.getByRole('switch', { name: 'CRM is active' });

    await active.click();
    await page.getByRole('status').getByText('The server can’t be reached.').waitFor();
    expect(await active.getAttribute('aria-checked')).toBe('true');
    expect(await isActive(id)).toBe(true);
    expectFailedRequests();
  });

  it('keeps the focus on a switch that was used by keyboard', async () => {
    const id = await rest.endpoint(account, { name: 'CRM' });
    const page = await open();
    const active = page.getByRole('switch', { name: 'CRM is active' });

    await active.focus();
    await page.keyboard.press('Space');
    await page.getByText('CRM is paused.').waitFor();
    await page.keyboard.press('Space');
    await page.getByText('CRM is active.').waitFor();
    expect(await isActive(id)).toBe(true);
  });

  it('finds webhooks by a part of the name or the URL', async () => {
    await rest.endpoint(account, { name: 'CRM of Ada' });
    await rest.endpoint(account, { name: 'Warehouse', url: `${rest.receiver.url}/stock` });
    const page = await open();
    const search = page.getByRole('searchbox', { name: 'Search webhooks by name or URL' });

    await search.fill('crm');
    await page.getByRole('status').getByText('1 found', { exact: true }).waitFor();
    expect(await rows(page).locator('.name').allInnerTexts()).toEqual(['CRM of Ada']);
    await search.fill('/stock');
    await page.getByRole('link', { name: 'Warehouse' }).waitFor();
    expect(await rows(page).count()).toBe(1);
    await search.fill('%');
    await page.getByRole('heading', { name: 'No webhook matches' }).waitFor();
    await search.fill('');
    await page.getByRole('link', { name: 'CRM of Ada' }).waitFor();
    expect(await rows(page).count()).toBe(2);
  });

  it('shows more than 50 webhooks by pages, and moves the focus to the first of the last page', async () => {
    await endpoints(120);
    const page = await open();
    const more = page.getByRole('button', { name: 'Show more' });

    await more.click();
    await rows(page).nth(99).waitFor();
    expect(await rows(page).count()).toBe(100);
    await more.click();
    await rows(page).nth(119).waitFor();
    expect(await rows(page).count()).toBe(120);
    await more.waitFor({ state: 'detached' });
    // The newest first: the hundred and first is number 20.
    const focused = page.getByRole('link', { name: 'Hook 20', exact: true });
    await expect
      .poll(() => focused.evaluate((link) => link.matches(':focus')), { timeout: 5_000 })
      .toBe(true);
  });

  it('has those that were disabled or are failing on top, however old they are', async () => {
    await rest.endpoint(account, { name: 'Oldest, disabled', url: `${rest.receiver.url}/gone` });
    rest.receiver.answer = 410;
    await rest.webhooks.emit('post.created', {}, { tenant: account });
    await rest.settled();
    await endpoints(60);
    const page = await open();

    await rows(page).nth(50).waitFor();
    expect(await rows(page).first().locator('.name').innerText()).toBe('Oldest, disabled');
    expect(await rows(page).nth(1).locator('.name').innerText()).toBe('Hook 60');
    await page.getByRole('button', { name: 'Show more' }).click();
    await rows(page).nth(60).waitFor();
    expect(await rows(page).count()).toBe(61);
    expect(await page.getByRole('link', { name: 'Oldest, disabled', exact: true }).count()).toBe(1);
  });

  it('says what those in trouble last failed with, and has the buttons that help', async () => {
    await rest.endpoint(account, {
      name: 'Gone',
      url: `${rest.receiver.url}/gone`,
      events: ['post.created'],
    });
    await rest.endpoint(account, { name: 'Broken', events: ['post.published'] });
    await rest.endpoint(account, { name: 'Well', events: ['follower.gained'] });
    rest.receiver.answer = 410;
    await rest.webhooks.emit('post.created', {}, { tenant: account });
    await rest.settled();
    await emit(503);
    rest.clock.advance('10m');
    const page = await open();

    await row(page, 'Broken').getByText('Last error: 503 Service Unavailable').waitFor();
    await row(page, 'Gone').getByText('Last error: 410 Gone').waitFor();
    expect(await row(page, 'Well').getByText('See failures').count()).toBe(0);
    expect(await row(page, 'Broken').getByRole('button', { name: 'Turn on' }).count()).toBe(0);
    await row(page, 'Gone').getByRole('button', { name: 'Turn on Gone' }).click();
    await row(page, 'Gone').getByRole('button', { name: 'Recover 1 delivery' }).waitFor();
    const isOn = page.getByRole('switch', { name: 'Gone is active' });
    expect(await isOn.evaluate((it) => it.matches(':focus'))).toBe(true);
    await row(page, 'Broken').getByRole('link', { name: 'See failures of Broken' }).click();
    await page.getByRole('table', { name: 'Deliveries, the newest first' }).waitFor();
    expect(page.url()).toMatch(/\/deliveries\?response=503$/);
  });

  it('says what one last failed with, however many failures of others are newer', async () => {
    await rest.endpoint(account, { name: 'Quiet', events: ['post.created'] });
    rest.receiver.answer = 500;
    await rest.webhooks.emit('post.created', {}, { tenant: account });
    await rest.settled();
    rest.clock.advance('10m');
    await rest.endpoint(account, { name: 'Loud', events: ['post.published'] });
    rest.receiver.answer = 503;
    for (let count = 0; count < 101; count++)
      await rest.webhooks.emit('post.published', {}, { tenant: account });
    await rest.settled();
    rest.clock.advance('10m');
    const page = await open();

    await row(page, 'Loud').getByText('Last error: 503 Service Unavailable').waitFor();
    await row(page, 'Quiet').getByText('Last error: 500 Internal Server Error').waitFor();
  });

  it('narrows the list by health, of all webhooks and in the address', async () => {
    const oldest = await rest.endpoint(account, {
      name: 'Oldest, disabled',
      url: `${rest.receiver.url}/gone`,
    });
    rest.receiver.answer = 410;
    await rest.webhooks.emit('post.created', {}, { tenant: account });
    await rest.settled();
    await rest.endpoint(account, { name: 'Paused', active: false });
    await endpoints(60);
    const page = await open();
    const health = page.getByRole('combobox', { name: 'Health' });
    await rows(page).nth(50).waitFor();

    await health.selectOption('Needs attention');
    await page.getByText('1 found').waitFor();
    expect(await rows(page).locator('.name').allInnerTexts()).toEqual(['Oldest, disabled']);
    expect(page.url()).toMatch(/#\/webhooks\?health=attention$/);
    await page.reload();
    await page.getByText('1 found').waitFor();
    expect(await health.inputValue()).toBe('attention');

    await health.selectOption('Paused');
    await page.getByText('2 found').waitFor();
    await page.getByRole('searchbox').fill('pau');
    await page.getByText('1 found').waitFor();
    expect(page.url()).toMatch(/health=off/);
    await page.getByRole('searchbox').fill('');
    await health.selectOption('Healthy');
    await page.getByText('More than 50 found').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('60 found').waitFor();
    await rest.as(account).delete(`/${oldest}`);
    await health.selectOption('Needs attention');
    await page.getByText('None is in this state now.').waitFor();
    await health.selectOption('All webhooks');
    await rows(page).nth(49).waitFor();
    expect(page.url()).not.toMatch(/health/);
  });

  it('sorts by health, of all webhooks and in the address, beside the other filters', async () => {
    await rest.endpoint(account, { name: 'Oldest, paused', active: false });
    const failing = await rest.endpoint(account, { name: 'Old, failing' });
    await rest.dataSource
      .getRepository(WebhookEndpoint)
      .update({ id: failing }, { failingSince: rest.clock.now() - 3_600_000 });
    await endpoints(60);
    const page = await open();
    await rows(page).nth(50).waitFor();

    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Health');
    await expect
      .poll(async () => (await rows(page).locator('.name').allInnerTexts()).slice(0, 3))
      .toEqual(['Old, failing', 'Oldest, paused', 'Hook 60']);
    expect(page.url()).toMatch(/#\/webhooks\?sort=health$/);
    await page.getByRole('button', { name: 'Show more' }).click();
    await rows(page).nth(61).waitFor();
    await browser.screenshot(page, 'list by health');
    await page.getByRole('combobox', { name: 'Health' }).selectOption('Paused');
    await page.getByText('1 found').waitFor();
    await page.reload();
    await page.getByText('1 found').waitFor();
    expect(page.url()).toMatch(/sort=health/);
    expect(await page.getByRole('combobox', { name: 'Sort by' }).inputValue()).toBe('health');
  });

  it('keeps the pages that were added when it looks for news', async () => {
    await endpoints(60);
    const page = await open();
    await page.getByRole('button', { name: 'Show more' }).click();
    await rows(page).nth(59).waitFor();

    await rest.endpoint(account, { name: 'Newest' });
    await page.clock.fastForward(15_000);
    await page.getByRole('link', { name: 'Newest' }).waitFor();
    expect(await rows(page).count()).toBe(61);
  });

  it('says what it loads until it is there', async () => {
    await rest.endpoint(account, { name: 'CRM' });
    const page = await open('/event-types');
    let go = (): void => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route(LIST, async (route) => {
      await held;
      await route.continue();
    });

    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Loading…' }).waitFor();
    expect(await page.getByRole('heading', { name: 'No webhooks yet' }).count()).toBe(0);
    go();
    await page.getByRole('link', { name: 'CRM' }).waitFor();
    expect(await page.getByText('Loading…').count()).toBe(0);
  });

  it.each([
    ['can’t be reached', 'The server can’t be reached. Check your connection.', undefined],
    ['answers 500', 'The server failed. Try again in a moment.', 500],
    ['signs the reader out', 'You are signed out. Sign in again, then reload this page.', 401],
  ])('reports that the server %s, and tries again', async (_, words, status) => {
    await rest.endpoint(account, { name: 'CRM' });
    const page = await open('/event-types');
    await page.route(LIST, (route) => (status ? route.fulfill({ status, body: 'x' }) : route.abort()));

    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'This could not be loaded' });
    await alert.getByText(words).waitFor();
    await page.unroute(LIST);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'CRM' }).waitFor();
    expect(await alert.count()).toBe(0);
    expectFailedRequests();
  });

  it('keeps its rows if a refresh fails', async () => {
    await rest.endpoint(account, { name: 'CRM' });
    const page = await open();
    await row(page, 'CRM').waitFor();
    await page.route(LIST, (route) => route.abort());

    await page.clock.fastForward(15_000);
    await page.getByRole('alert').getByText('The server can’t be reached.').waitFor();
    expect(await row(page, 'CRM').isVisible()).toBe(true);
    expectFailedRequests();
  });

  it('shows webhooks without their health where that fails', async () => {
    await rest.endpoint(account, { name: 'CRM' });
    const page = await open('/event-types');
    await page.route('**/stats/endpoints?*', (route) => route.fulfill({ status: 500 }));

    await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
    await row(page, 'CRM').getByText('Not available').waitFor();
    expectFailedRequests();
  });

  it('shows an account nothing of other accounts', async () => {
    const id = await rest.endpoint(account, { name: 'CRM of acme' });
    await rest.endpoint('globex', { name: 'CRM of globex' });
    const page = await openDashboard(browser, rest, { account: 'globex' });

    await page.getByRole('link', { name: 'CRM of globex' }).waitFor();
    expect(await rows(page).count()).toBe(1);
    await page.getByRole('searchbox').fill('acme');
    await page.getByRole('heading', { name: 'No webhook matches' }).waitFor();

    const other = await openDashboard(browser, rest, {
      account: 'globex',
      place: `/webhooks/${id}/overview`,
    });
    await other.getByRole('heading', { name: 'Webhook not found' }).waitFor();
    expectFailedRequests();
  });
});
