import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyWebhook, verifyWebhookHexSignature } from 'nestjs-webhooks/receiver';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { storeBacklog } from '../support/backlog.js';
import { Receiver, type Answer, type Arrival } from '../support/receiver.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const MINUTE = 60_000;

describe('the delivery log', () => {
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
    endpointId = await rest.endpoint(account, { name: 'CRM', headers: { 'x-crm-token': 'f3a9' } });
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
  const emitFailing = async (): Promise<string> => {
    const id = await emit(500);
    await rest.after(5 * MINUTE);
    return id;
  };
  const newestDelivery = async (): Promise<string> =>
    (await rest.as(account).get(`/${endpointId}/deliveries?limit=1`)).body.data[0].id;
  const arrivals = (): Arrival[] => rest.receiver.arrivals.filter(({ path }) => path === `/${account}`);

  const open = (place = ''): Promise<Page> =>
    openDashboard(browser, rest, { account, place: `/webhooks/${endpointId}/deliveries${place}` });
  const log = (page: Page): Locator => page.getByRole('table', { name: 'Deliveries, the newest first' });
  const rows = (page: Page): Locator => log(page).locator('tbody tr');
  // Rows out of view are not laid out, and have no inner text.
  const types = async (page: Page): Promise<string[]> =>
    (await rows(page).getByRole('link').allTextContents()).map((type) => type.trim());
  const drawer = (page: Page): Locator => page.getByRole('dialog', { name: /^Delivery of/ });
  const openDrawer = async (page: Page): Promise<Locator> => {
    await rows(page).first().getByRole('link').click();
    await drawer(page).getByRole('heading', { name: 'Payload' }).waitFor();
    return drawer(page);
  };
  /** In the newest delivery: formatted, and copied to the byte. */
  const showsPayload = async (sent: string): Promise<Locator> => {
    const page = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const shown = await openDrawer(page);
    const payload = shown.getByRole('region', { name: 'Payload', exact: true });
    expect(await payload.textContent()).toBe(JSON.stringify(JSON.parse(sent), undefined, 2));
    await shown.getByRole('button', { name: 'Copy payload' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(sent);
    return shown;
  };
  const isFocused = (locator: Locator): Promise<boolean> =>
    locator.evaluate((element) => element.matches(':focus'));
  const expectFailedRequests = (): void => {
    const others = browser.problems.splice(0).filter((text) => !/Failed to load resource/.test(text));
    expect(others).toEqual([]);
  };

  it('draws the attempts of a delivery on a line, with the gaps and the one that is planned', async () => {
    await emit(500);
    const page = await open(`/${await newestDelivery()}`);
    const line = drawer(page).getByRole('list', { name: 'Timeline of attempts' });
    const points = async (): Promise<string[]> =>
      (await line.getByRole('listitem').allTextContents()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    await line.waitFor();
    expect(await points()).toEqual([
      expect.stringMatching(/^Attempt 1: 500, \w+ \d+, .* UTC$/),
      expect.stringMatching(/^5 min Attempt 2 is planned: \w+ \d+, .* UTC$/),
    ]);

    rest.receiver.answer = 200;
    await rest.after(5 * MINUTE);
    await page.clock.fastForward(5 * MINUTE);
    await expect.poll(async () => (await points())[1], { timeout: 5_000 }).toMatch(/^5 min Attempt 2: 200, /);
    await line.getByRole('button', { name: /^Attempt 1: 500/ }).press('Enter');
    const first = drawer(page).getByRole('group').filter({ hasText: 'Attempt 1' });
    await first.getByRole('table', { name: 'Request headers' }).waitFor();
    expect(await isFocused(first.locator('summary'))).toBe(true);
  });

  describe('as a list', () => {
    it('says that nothing was sent yet', async () => {
      const page = await open();

      await page.getByRole('heading', { name: 'No deliveries yet' }).waitFor();
      expect(await page.getByText('When an event of this webhook happens').isVisible()).toBe(true);
    });

    it('shows each delivery’s status, last response and next attempt', async () => {
      await emit(204, 'post.created');
      await emitFailing();
      await emit(503, 'follower.gained');
      await rest.as(account).post(`/${endpointId}/test`, { eventType: 'post.created' });
      const page = await open();

      await rows(page).nth(3).waitFor();
      const texts = (await rows(page).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
      expect(texts).toEqual([
        expect.stringMatching(/^Failed post.created Test (now|\d+ sec\. ago) 1 503 \d+ ms$/),
        expect.stringMatching(/^Retrying follower.gained (now|\d+ sec\. ago) 1 503 \d+ ms in 5 min\.$/),
        expect.stringMatching(/^Failed post.published 5 min\. ago 2 500 \d+ ms$/),
        expect.stringMatching(/^Succeeded post.created 5 min\. ago 1 204 \d+ ms$/),
      ]);
    });

    it('says in words why there was no response', async () => {
      const gone = await Receiver.start();
      await gone.stop();
      const urls = { 'No connection': gone.url, 'Host not found': 'http://nowhere.invalid/' };
      for (const [words, url] of Object.entries(urls)) {
        await rest.as(account).patch(`/${endpointId}`, { url });
        // An endpoint that is away is probed from time to time.
        rest.clock.advance('1m');
        await emit(200);
        const page = await open();
        await rows(page).first().getByText(words).waitFor();
        const attempt = (await openDrawer(page)).locator('.attempts > li');
        expect(await attempt.getByText(`${words}:`).isVisible()).toBe(true);
        expect(await attempt.getByText('No response.').isVisible()).toBe(true);
        await rest.after(5 * MINUTE);
      }
    });

    it('is narrowed by status, by event type, to tests and to a period', async () => {
      await emit(200, 'post.created');
      rest.clock.advance('2h');
      await emit(200, 'follower.gained');
      await rest.as(account).post(`/${endpointId}/test`, { eventType: 'post.published' });
      await emit(500, 'post.published');
      rest.clock.advance('1m');
      const page = await open();
      const found = (count: string): Promise<void> =>
        page.getByRole('status').getByText(count, { exact: true }).waitFor();
      await rows(page).nth(3).waitFor();

      await page.getByLabel('Status', { exact: true }).selectOption('Succeeded');
      await found('3 deliveries');
      expect(await types(page)).toEqual(['post.published', 'follower.gained', 'post.created']);
      await page.getByLabel('Event type', { exact: true }).selectOption('follower.gained');
      await found('1 delivery');
      expect(await types(page)).toEqual(['follower.gained']);
      await page.getByLabel('Tests', { exact: true }).selectOption('Only tests');
      await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await found('4 deliveries');
      await page.getByLabel('Period', { exact: true }).selectOption('Last hour');
      await found('3 deliveries');
      expect(await types(page)).toEqual(['post.published', 'post.published', 'follower.gained']);
      await page.getByLabel('Tests', { exact: true }).selectOption('Exclude tests');
      await found('2 deliveries');
    });

    it('is narrowed to a time of its own, and says what is wrong with one', async () => {
      await emit(200, 'post.created');
      rest.clock.advance('2h');
      await emit(200);
      const page = await open();
      await rows(page).nth(1).waitFor();
      const hoursAgo = (hours: number): string =>
        new Date(rest.clock.now() - hours * 60 * MINUTE).toISOString().slice(0, 16);

      await page.getByLabel('Period', { exact: true }).selectOption('Custom range');
      await page.getByLabel('From', { exact: true }).fill(hoursAgo(3));
      await page.getByLabel('To', { exact: true }).fill(hoursAgo(1));
      await page.getByRole('status').getByText('1 delivery', { exact: true }).waitFor();
      expect(await types(page)).toEqual(['post.created']);
      await page.getByLabel('To', { exact: true }).fill(hoursAgo(4));
      await page.getByText('The start must be before the end.').waitFor();
    });

    it('puts a new delivery on top while it is open', async () => {
      await emit(200, 'post.created');
      const page = await open();
      await rows(page).first().waitFor();

      await emit(503, 'follower.gained');
      await page.clock.fastForward(5_000);
      await rows(page).nth(1).waitFor();
      expect(await types(page)).toEqual(['follower.gained', 'post.created']);

      // It changes in place.
      rest.receiver.answer = 200;
      await rest.after(5 * MINUTE);
      await page.clock.fastForward(5_000);
      await rows(page).first().getByText('Succeeded').waitFor();
    });

    it('stands still while it is paused', async () => {
      await emit(200, 'post.created');
      const page = await open();
      await rows(page).first().waitFor();
      await page.getByRole('button', { name: 'Pause live updates' }).click();
      let asked = 0;
      page.on('request', (request) => (asked += request.url().includes('/deliveries?') ? 1 : 0));

      await emit(200, 'follower.gained');
      await page.clock.fastForward(5_000);
      await page.clock.fastForward(5_000);
      expect(await types(page)).toEqual(['post.created']);
      await page.getByRole('button', { name: 'Resume live updates' }).click();
      await rows(page).nth(1).waitFor();
      expect(asked).toBe(1);
    });

    it('says that it is not connected, and that it is again', async () => {
      await emit(200);
      const page = await open();
      await page.getByText('Live', { exact: true }).waitFor();
      await page.route('**/deliveries?*', (route) => route.abort());

      await page.clock.fastForward(5_000);
      await page.getByText('Not connected', { exact: true }).waitFor();
      expect(await page.getByRole('alert').innerText()).toMatch(
        /^Not up to date\. The server can’t be reached/,
      );
      expect(await rows(page).count()).toBe(1);
      await page.unroute('**/deliveries?*');
      await page.clock.fastForward(5_000);
      await page.getByText('Live', { exact: true }).waitFor();
      expectFailedRequests();
    });

    it('shows more than 50 by pages, moves the focus on, and keeps the pages at a refresh', async () => {
      for (let sent = 0; sent < 60; sent++) await emit(200, 'post.created');
      const page = await open();
      await rows(page).nth(49).waitFor();

      await page.getByRole('button', { name: 'Show more' }).click();
      await rows(page).nth(59).waitFor();
      expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
      await expect.poll(() => isFocused(rows(page).nth(50).getByRole('link')), { timeout: 5_000 }).toBe(true);
      await emit(200, 'follower.gained');
      await page.clock.fastForward(5_000);
      await rows(page).nth(60).waitFor();
      expect((await types(page))[0]).toBe('follower.gained');
    });
  });

  it('reaches the oldest of thousands by scrolling, while only a few screens are rendered', async () => {
    const at = rest.clock.now();
    await storeBacklog(rest.dataSource, { endpointId, tenant: account, count: 2_000, at, as: 'failed' });
    rest.clock.advance('1m');
    const page = await open();
    await page.getByRole('button', { name: 'Show more' }).click();
    const nodes = (): Promise<number> => log(page).evaluate((table) => table.querySelectorAll('*').length);
    const lastPlace = (): Promise<number> =>
      log(page).evaluate((table) =>
        Math.max(...[...table.querySelectorAll('[aria-rowindex]')].map((row) => Number(row.ariaRowIndex))),
      );
    let most = 0;
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 4_000);
          most = Math.max(most, await nodes());
          return lastPlace();
        },
        { timeout: 20_000, interval: 20 },
      )
      .toBe(2_001);

    expect(await log(page).getAttribute('aria-rowcount')).toBe('2001');
    expect(most).toBeLessThan(8_000);
    await expect.poll(nodes, { timeout: 5_000 }).toBeLessThan(3_000);
    // What is out of sight keeps its place, and comes again.
    await page.mouse.wheel(0, -1_000_000);
    await rows(page).first().waitFor();
    await expect.poll(() => rows(page).first().getAttribute('aria-rowindex')).toBe('2');
  });

  describe('a delivery in the drawer', () => {
    it('has the payload exactly as it was sent', async () => {
      await emit(200, 'post.published', { text: 'Ünïcödé “quoted” \n 😀', count: 12345678901234, empty: {} });
      const sent = arrivals().at(-1)!.body;
      await showsPayload(sent);
    });

    it('has the payload in the representation that it was sent in, and its name', async () => {
      await rest.as(account).patch(`/${endpointId}`, { representation: 'standard-webhooks' });
      await emit(200, 'post.published', { post_id: 'p_1' });
      const sent = arrivals().at(-1)!.body;
      expect(Object.keys(JSON.parse(sent))).toEqual(['type', 'timestamp', 'data']);
      const shown = await showsPayload(sent);
      expect(await shown.locator('.facts').innerText()).toMatch(/Representation\s+standard-webhooks/);
    });

    it('has the newest attempts, and the older ones by pages', async () => {
      await emit(200);
      const id = await newestDelivery();
      for (let resent = 1; resent < 53; resent++) {
        rest.clock.advance('1m');
        await rest.as(account).post(`/deliveries/${id}/retry`);
        await rest.settled();
      }
      const shown = await openDrawer(await open());
      const attempts = shown.locator('.attempts > li');
      expect(await attempts.count()).toBe(50);

      await shown.getByRole('button', { name: 'Show older attempts' }).click();
      await attempts.nth(52).waitFor();
      expect(await attempts.last().locator('summary').innerText()).toMatch(/Attempt 1\s/);
      expect(await shown.getByRole('button', { name: 'Show older attempts' }).count()).toBe(0);
    });

    it('has each attempt with the headers and bodies of both sides', async () => {
      const busy = { status: 503, headers: { 'retry-after': '1', 'x-node': 'b7' }, body: 'Too busy' };
      const eventId = await emit(busy);
      await rest.as(account).patch(`/${endpointId}`, { headers: { 'x-crm-token': 'new' } });
      rest.receiver.answer = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'Thanks' };
      await rest.after(5 * MINUTE);
      const shown = await openDrawer(await open());
      const attempts = shown.locator('.attempts > li');

      expect(await attempts.first().locator('summary').innerText()).toMatch(/Attempt 2\s+Succeeded\s+200/);
      const second = attempts.first();
      expect(await second.getByRole('region', { name: 'Response body of attempt 2' }).innerText()).toBe(
        'Thanks',
      );
      const headers = (part: Locator, caption: string, name: string): Promise<string> =>
        part.getByRole('table', { name: caption }).getByRole('row').filter({ hasText: name }).innerText();
      expect(await headers(second, 'Request headers', 'x-crm-token')).toMatch(/new$/);
      expect(await headers(second, 'Request headers', 'webhook-id')).toMatch(new RegExp(`${eventId}$`));

      const first = attempts.nth(1);
      await first.locator('summary').click();
      expect(await first.locator('summary').innerText()).toMatch(/Attempt 1\s+Failed, retried\s+503/);
      expect(await headers(first, 'Request headers', 'x-crm-token')).toMatch(/f3a9$/);
      expect(await headers(first, 'Response headers', 'x-node')).toMatch(/b7$/);
      expect(await first.getByRole('region', { name: 'Response body of attempt 1' }).innerText()).toBe(
        'Too busy',
      );
    });

    it('hides no part of a body under the button that copies it', async () => {
      await emit({ status: 500, body: 'x'.repeat(2_000) });
      const shown = await openDrawer(await open());
      const body = shown.getByRole('region', { name: 'Response body of attempt 1' });
      const button = (await shown.getByRole('button', { name: 'Copy body' }).boundingBox())!;

      const firstLineEnd = await body.evaluate((pre) => {
        const range = document.createRange();
        range.selectNodeContents(pre);
        return range.getClientRects()[0]!.right;
      });
      expect(firstLineEnd).toBeLessThanOrEqual(button.x);
    });

    it('begins with the outcome and what to do about it, and has the request beside the response', async () => {
      await emit({ status: 404, body: 'no such page' });
      const page = await open();
      const shown = await openDrawer(page);
      const outcome = shown.getByRole('region', { name: 'Outcome' });

      expect(await outcome.innerText()).toMatch(/^Retrying\s+404 Not Found, attempt 1, \d+ ms/);
      await outcome.getByText('Your server has nothing at this URL. Check the path of the URL').waitFor();
      await outcome.getByText('Next attempt: in 5 min. (attempt 2 of 2)').waitFor();
      const headings = await shown.getByRole('heading', { level: 3 }).allInnerTexts();
      expect(headings).toEqual(['Attempts']);
      const box = async (part: Locator) => (await part.boundingBox())!;
      const request = shown.getByRole('region', { name: 'Request', exact: true });
      expect(await request.innerText()).toContain(`POST\n${rest.receiver.url}/${account}\n`);
      expect((await box(outcome)).y).toBeLessThan((await box(request)).y);
      expect((await box(request)).y).toBeLessThan(
        (await box(shown.getByRole('heading', { name: 'Attempts' }))).y,
      );
      const [sent, answered] = [
        await box(shown.getByRole('table', { name: 'Request headers' })),
        await box(shown.getByRole('table', { name: 'Response headers' })),
      ];
      expect(answered.y).toBe(sent.y);
      expect(answered.x).toBeGreaterThan(sent.x + sent.width);
    });

    it('says of each attempt what came after it, and when it was to the second', async () => {
      await emit(503);
      rest.clock.advance('1s');
      const page = await open();
      const shown = await openDrawer(page);
      const attempt = (number: number): Locator =>
        shown.locator('summary').filter({ hasText: `Attempt ${number}` });
      const outcomeOf = (number: number): Promise<string> => attempt(number).locator('.badge').innerText();
      expect(await outcomeOf(1)).toBe('Failed, will be retried');

      rest.receiver.answer = 200;
      await shown.getByRole('button', { name: 'Resend', exact: true }).click();
      await shown.getByRole('status').getByText('Attempt 2 succeeded: 200.').waitFor();
      expect(await outcomeOf(2)).toBe('Succeeded');
      expect(await outcomeOf(1)).toBe('Failed, retried');
      const times = await shown.locator('summary time').allInnerTexts();
      expect(times.every((time) => /\d:\d\d:\d\d (AM|PM) UTC$/.test(time))).toBe(true);
      expect(new Set(times).size).toBe(2);
    });

    it('copies its next request as a command, which the receiving side accepts', async () => {
      await rest
        .as(account)
        .patch(`/${endpointId}`, { headers: { 'x-quote': 'it\'s "q" $HOME', 'x-none': '' } });
      const eventId = await emit(500, 'post.published', { text: `It's 50% "done" \\n $(date) \n 😀` });
      const { secret } = (await rest.as(account).get(`/${endpointId}/secret`)).body;
      rest.clock.advance('2h');
      const page = await open();
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      const shown = await openDrawer(page);

      await shown.getByRole('button', { name: 'Copy as cURL' }).click();
      await shown.getByText('Copied. Signed at').waitFor();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      expect(await shown.getByRole('region', { name: 'cURL command' }).textContent()).toBe(command);
      rest.receiver.answer = { status: 201, body: 'by hand' };
      expect((await promisify(execFile)('sh', ['-c', command])).stdout).toMatch(/^HTTP\/1.1 201[^]*by hand$/);
      const [first, byHand] = arrivals();
      expect(byHand!.body).toBe(first!.body);
      expect(byHand!.headers).toMatchObject({
        'x-quote': `it's "q" $HOME`,
        'x-none': '',
        'x-webhook-attempt': '2',
      });
      const { body, headers } = byHand!;
      expect(verifyWebhook(body, headers, secret, { now: () => rest.clock.now() }).id).toBe(eventId);
      expect(verifyWebhookHexSignature(body, headers['x-webhook-signature'], secret)).toBe(true);
    });

    it('copies a body that is too long for an argument as a command, too', async () => {
      await emit(200, 'post.published', { text: "it's ".repeat(40_000) });
      const page = await open();
      const shown = await openDrawer(page);

      await shown.getByRole('button', { name: 'Copy as cURL' }).click();
      const command = await shown.getByRole('region', { name: 'cURL command' }).textContent();
      const shell = promisify(execFile)('sh', []);
      shell.child.stdin!.end(command);
      expect((await shell).stdout).toMatch(/^HTTP\/1.1 200/);
      expect(arrivals()[1]!.body).toBe(arrivals()[0]!.body);
    });

    it('leads to the ones before and after it by keyboard, and ends at the row of the last one', async () => {
      for (const type of ['post.created', 'follower.gained', 'post.published']) await emit(200, type);
      const page = await open();
      const shown = await openDrawer(page);
      const place = (text: string): Promise<void> => shown.getByText(text, { exact: true }).waitFor();
      await place('1 of 3');

      expect(await shown.getByRole('button', { name: 'Newer' }).getAttribute('aria-disabled')).toBe('true');
      await page.keyboard.press('k');
      await page.keyboard.press('j');
      await place('2 of 3');
      await shown.getByRole('heading', { name: 'follower.gained' }).waitFor();
      await shown.locator('summary').press('j');
      await place('3 of 3');
      await shown.getByRole('heading', { name: 'post.created' }).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Control+k');
      await place('3 of 3');
      await shown.getByRole('button', { name: 'Newer delivery' }).click();
      await place('2 of 3');
      expect(page.url()).toMatch(/deliveries\/dlv_/);
      await page.keyboard.press('Escape');
      await drawer(page).waitFor({ state: 'detached' });
      await expect.poll(() => isFocused(rows(page).nth(1).getByRole('link'))).toBe(true);
      expect(page.url()).toMatch(/\/deliveries$/);
    });

    it('says when the next attempt is, and follows it by itself', async () => {
      await emit(503);
      const page = await open();
      const shown = await openDrawer(page);
      await shown.getByText('in 5 min.').waitFor();
      expect(await shown.getByText('(attempt 2 of 2)').isVisible()).toBe(true);

      rest.receiver.answer = 200;
      await rest.after(5 * MINUTE);
      await page.clock.fastForward(5 * MINUTE);
      await shown.locator('summary').filter({ hasText: 'Attempt 2' }).waitFor();
      await shown.getByText('Completed').waitFor();
    });

    it('sends a failed delivery again as the same event, and says how it went', async () => {
      const eventId = await emitFailing();
      const page = await open();
      const shown = await openDrawer(page);
      rest.receiver.answer = 200;

      await shown.getByRole('button', { name: 'Resend', exact: true }).click();
      await shown.getByRole('status').getByText('Attempt 3 succeeded: 200.').waitFor();
      const sent = arrivals();
      expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId, eventId]);
      expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
      expect(await isFocused(shown.getByRole('button', { name: 'Resend', exact: true }))).toBe(true);
      await rows(page).first().getByText('Succeeded').waitFor();
    });

    it('says when the resend failed too', async () => {
      await emitFailing();
      const shown = await openDrawer(await open());
      rest.receiver.answer = 502;

      await shown.getByRole('button', { name: 'Resend', exact: true }).click();
      await shown.getByRole('status').getByText('Attempt 3 failed: 502.').waitFor();
    });

    it('asks before it sends again what was delivered', async () => {
      await emit(200);
      const shown = await openDrawer(await open());

      await shown.getByRole('button', { name: 'Resend', exact: true }).click();
      await shown.getByText('Already delivered. Resend?').waitFor();
      await shown.getByRole('button', { name: 'Cancel' }).click();
      await shown.getByRole('button', { name: 'Resend', exact: true }).waitFor();
      expect(arrivals().length).toBe(1);
      await shown.getByRole('button', { name: 'Resend', exact: true }).click();
      await shown.getByRole('button', { name: 'Resend', exact: true }).click();
      await shown.getByRole('status').getByText('Attempt 2 succeeded: 200.').waitFor();
      expect(arrivals().length).toBe(2);
    });

    it('sends nothing while the webhook is off, and offers to turn it on', async () => {
      await emitFailing();
      await rest.as(account).patch(`/${endpointId}`, { active: false });
      rest.receiver.answer = 200;
      const page = await open();
      const shown = await openDrawer(page);

      await shown.getByRole('button', { name: 'Resend', exact: true }).click();
      await shown.getByRole('alert').getByText('The webhook is paused').waitFor();
      expect(arrivals().length).toBe(2);
      expectFailedRequests();
      await shown.getByRole('button', { name: 'Turn it on and resend' }).click();
      await shown.getByRole('status').getByText('Attempt 3 succeeded: 200.').waitFor();
      await page.keyboard.press('Escape');
      expect(await page.getByRole('switch', { name: 'Active' }).getAttribute('aria-checked')).toBe('true');
    });

    it('opens from its address', async () => {
      await emit(200);
      const page = await open(`/${await newestDelivery()}`);

      await drawer(page).getByRole('heading', { name: 'Payload' }).waitFor();
      await drawer(page).getByRole('button', { name: 'Close' }).click();
      await drawer(page).waitFor({ state: 'detached' });
      expect(await rows(page).count()).toBe(1);
    });

    it('says where an address leads to no delivery of the account', async () => {
      const id = `dlv_${'0'.repeat(32)}`;
      const page = await open(`/${id}`);

      await page.getByRole('dialog').getByRole('heading', { name: 'Not found' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expectFailedRequests();
    });

    it('closes by Escape, and gives the focus back to its row', async () => {
      await emit(200);
      const page = await open();
      await openDrawer(page);

      await page.keyboard.press('Escape');
      await drawer(page).waitFor({ state: 'detached' });
      expect(await isFocused(rows(page).first().getByRole('link'))).toBe(true);
      expect(page.url()).toMatch(/\/deliveries$/);
    });

    it('focuses its row once it is closed, after it was opened from its address', async () => {
      await emit(200);
      const page = await open(`/${await newestDelivery()}`);
      await drawer(page).getByRole('heading', { name: 'Payload' }).waitFor();

      await page.keyboard.press('Escape');
      await drawer(page).waitFor({ state: 'detached' });
      expect(await isFocused(rows(page).first().getByRole('link'))).toBe(true);
    });
  });

  it('can be reached and resent from without a mouse', async () => {
    await emitFailing();
    rest.receiver.answer = 200;
    const page = await openDashboard(browser, rest, { account });
    await page.getByRole('link', { name: 'CRM' }).waitFor();
    const tabTo = async (target: Locator): Promise<void> => {
      await target.waitFor();
      for (let steps = 0; !(await isFocused(target)); steps++) {
        expect(steps, 'Tab does not reach it').toBeLessThan(40);
        await page.keyboard.press('Tab');
      }
    };

    await tabTo(page.getByRole('link', { name: 'CRM' }));
    await page.keyboard.press('Enter');
    await tabTo(page.getByRole('link', { name: 'Deliveries' }));
    await page.keyboard.press('Enter');
    await tabTo(rows(page).first().getByRole('link'));
    await page.keyboard.press('Enter');
    await tabTo(drawer(page).getByRole('button', { name: 'Resend', exact: true }));
    await page.keyboard.press('Enter');
    await drawer(page).getByRole('status').getByText('Attempt 3 succeeded: 200.').waitFor();
    expect(arrivals().length).toBe(3);
  });

  it('is narrowed to the time that was chosen in an hour that comes twice', async () => {
    // In Berlin it is 02:00 to 03:00 from 00:00 to 01:00 UTC, and again until 02:00 UTC.
    for (const [hour, type] of [
      [0, 'post.created'],
      [1, 'post.published'],
    ] as const) {
      rest.clock.advance(Date.UTC(2026, 9, 25, hour, 30) - rest.clock.now());
      await emit(200, type);
    }
    rest.clock.advance('1h');
    const place = `/webhooks/${endpointId}/deliveries`;
    const page = await openDashboard(browser, rest, { account, place, timezoneId: 'Europe/Berlin' });
    await rows(page).nth(1).waitFor();

    await page.getByLabel('Period', { exact: true }).selectOption('Custom range');
    await page.getByLabel('From', { exact: true }).fill('2026-10-25T02:20');
    await page.getByRole('status').getByText('2 deliveries', { exact: true }).waitFor();
    await page.getByLabel('From: this hour comes twice').selectOption('02:20 AM GMT+1');
    await page.getByRole('status').getByText('1 delivery', { exact: true }).waitFor();
    expect(await types(page)).toEqual(['post.published']);
    await page.getByLabel('To', { exact: true }).fill('2026-10-25T02:40');
    await page.getByText('The start must be before the end.').waitFor();
    await page.getByLabel('To: this hour comes twice').selectOption('02:40 AM GMT+1');
    await page.getByRole('status').getByText('1 delivery', { exact: true }).waitFor();
    expect(await types(page)).toEqual(['post.published']);
  });
});
