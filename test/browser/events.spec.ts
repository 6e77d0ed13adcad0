import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { storeBacklog } from '../support/backlog.js';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const POLL_MS = 6_000;

describe('The events of the dashboard', () => {
  let browser: TestBrowser;
  let rest: RestApp;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({ webhooks: { retry: { schedule: ['5m', '1h'] } } }),
    ]);
    await rest.endpoint('acme', { name: 'Wants posts', events: ['post.published'] });
    await rest.endpoint('acme', { name: 'Wants all', events: ['post.*'] });
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const emit = async (type: string, data: object = {}): Promise<string> => {
    const { id } = await rest.webhooks.emit(type, data, { tenant: 'acme' });
    await rest.settled();
    return id;
  };

  it('tell what was emitted and where it went, the newest on top without a reload', async () => {
    await emit('post.published', { post_id: 'p1' });
    const page = await openDashboard(browser, rest, { place: '/events' });
    const rows = page.getByRole('table', { name: 'Events, the newest first' }).locator('tbody tr');
    await rows.filter({ hasText: 'post.published' }).filter({ hasText: '2 succeeded' }).waitFor();

    await emit('follower.gained');
    await page.clock.fastForward(POLL_MS);
    await rows
      .first()
      .filter({ hasText: 'follower.gained' })
      .filter({ hasText: 'No matching webhook' })
      .waitFor();

    await page.getByLabel('Event type').selectOption('post.published');
    await rows.filter({ hasText: 'follower.gained' }).waitFor({ state: 'detached' });
  });

  it('show one with its exact body and a delivery per webhook, which opens in the log', async () => {
    const id = await emit('post.published', { post_id: 'p2', views: 1e21, text: 'Grüße' });
    const page = await openDashboard(browser, rest, { place: `/events/${id}` });
    await page.getByRole('heading', { name: 'post.published' }).waitFor();
    const body = page.getByRole('region', { name: 'Body of the event' });
    await body.getByText('1e+21').waitFor();

    const deliveries = page.getByRole('table', { name: 'Deliveries of this event' });
    await deliveries.getByRole('link', { name: 'Wants posts' }).waitFor();
    await deliveries.getByRole('link', { name: 'Wants all' }).click();
    await page.getByRole('dialog', { name: 'Delivery of post.published' }).getByText(id).first().waitFor();
  });

  it('document every type: description and example', async () => {
    const page = await openDashboard(browser, rest, { place: '/event-types/follower.gained' });
    const article = page.getByRole('article', { name: 'follower.gained' });
    await article.getByText('"handle": "@ada"').waitFor();
    expect(
      await article.evaluate((element) =>
        element.contains((element.getRootNode() as ShadowRoot).activeElement),
      ),
    ).toBe(true);

    await page.getByRole('searchbox', { name: 'Filter event types' }).fill('went live');
    await article.waitFor({ state: 'detached' });
    await page.getByRole('article', { name: 'post.published' }).waitFor();
  });

  it('say that there are none, and that a type is not there', async () => {
    const none = await openDashboard(browser, rest, { place: '/events', account: 'globex' });
    await none.getByRole('heading', { name: 'No events yet' }).waitFor();
    const types = await openDashboard(browser, rest, { place: '/event-types/post.vanished' });
    await types.getByText('There is no event type').waitFor();
  });

  it('load as the reader scrolls, while only a few screens are rendered', async () => {
    const endpointId = await rest.endpoint('busy', { events: ['post.created'] });
    const backlog = { endpointId, tenant: 'busy', count: 1_000, at: rest.clock.now() } as const;
    await storeBacklog(rest.dataSource, { ...backlog, as: 'missed' });
    rest.clock.advance('1m');
    const page = await openDashboard(browser, rest, { account: 'busy', place: '/events' });
    const table = page.getByRole('table', { name: 'Events, the newest first' });
    await page.getByRole('button', { name: 'Show more' }).click();

    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 4_000);
          return page.getByRole('button', { name: 'Show more' }).count();
        },
        { timeout: 20_000, interval: 20 },
      )
      .toBe(0);
    const nodes = (): Promise<number> => table.evaluate((it) => it.querySelectorAll('*').length);
    await expect.poll(nodes, { timeout: 5_000 }).toBeLessThan(2_500);
    const height = await table.evaluate((it) => it.getBoundingClientRect().height);
    expect(height).toBeGreaterThan(30_000);
    await page.mouse.wheel(0, -1_000_000);
    await table.locator('tbody').first().getByRole('link').first().waitFor();
  });
});
