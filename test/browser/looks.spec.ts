import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { daily } from '../support/daily.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const MINUTE = 60_000;

interface View {
  readonly place: (ids: { id: string; deliveryId: string }) => string;
  /** What is there last. */
  readonly ready: (page: Page) => Locator;
}

const VIEWS: Record<string, View> = {
  list: { place: () => '/webhooks', ready: (page) => page.locator('.health .numeric').nth(3) },
  overview: {
    place: ({ id }) => `/webhooks/${id}/overview`,
    ready: (page) => page.getByText('Show as table').last(),
  },
  deliveries: {
    place: ({ id }) => `/webhooks/${id}/deliveries`,
    ready: (page) => page.getByRole('table', { name: 'Deliveries, the newest first' }),
  },
  drawer: {
    place: ({ id, deliveryId }) => `/webhooks/${id}/deliveries/${deliveryId}`,
    ready: (page) => page.getByRole('table', { name: 'Request headers' }).first(),
  },
  settings: {
    place: ({ id }) => `/webhooks/${id}/settings`,
    ready: (page) => page.getByRole('tablist').first(),
  },
  new: { place: () => '/webhooks/new', ready: (page) => page.getByText('post.published').first() },
  events: {
    place: () => '/events',
    ready: (page) => page.getByRole('table', { name: 'Events, the newest first' }),
  },
  'event types': {
    place: () => '/event-types',
    ready: (page) => page.getByRole('heading', { name: 'post.published' }),
  },
  guide: { place: () => '/guide/python', ready: (page) => page.getByRole('tab', { name: 'Python' }) },
};

describe.each(
  daily(
    [
      ['light', 1280],
      ['dark', 360],
    ],
    ['dark', 1280],
    ['light', 360],
  ),
)('the dashboard, %s at %d px', (colorScheme, width) => {
  let browser: TestBrowser;
  let rest: RestApp;
  let page: Page;
  const ids = { id: '', deliveryId: '' };

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
    await seed();
    const viewport = { width, height: width > 500 ? 900 : 780 };
    const options = { colorScheme, viewport, reducedMotion: 'reduce' } as const;
    page = await openDashboard(browser, rest, { place: '/none', ...options });
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  /** A day of a busy webhook, and three others that are off, failing and disabled. */
  const seed = async (): Promise<void> => {
    ids.id = await rest.endpoint('acme', {
      name: 'CRM',
      events: ['post.*', 'follower.gained'],
      headers: { 'x-crm-token': 'f3a9' },
      description: 'Feeds the CRM of the sales team.',
      rateLimit: 10,
    });
    await rest.endpoint('acme', { name: 'Warehouse', active: false, events: ['post.created'] });
    await rest.endpoint('acme', { name: 'Analytics', url: `${rest.receiver.url}/gone`, events: ['*'] });
    for (let hour = 0; hour < 12; hour++) {
      const type = hour % 3 === 0 ? 'post.created' : 'post.published';
      rest.receiver.answer = ({ path }, response) =>
        response.writeHead(path === '/gone' ? 410 : hour === 5 ? 503 : 200).end('Thanks');
      await rest.webhooks.emit(type, { post_id: `post_${hour}`, title: 'Hello' }, { tenant: 'acme' });
      await rest.settled();
      await rest.after(60 * MINUTE);
    }
    await rest.endpoint('acme', { name: 'Mirror', events: ['post.created'] });
    rest.receiver.answer = { status: 502, headers: { 'content-type': 'text/plain' }, body: 'Bad gateway' };
    await rest.webhooks.emit('post.created', { post_id: 'post_43' }, { tenant: 'acme' });
    await rest.settled();
    rest.clock.advance('2m');
    const { body } = await rest.as('acme').get(`/${ids.id}/deliveries`);
    ids.deliveryId = body.data[1].id;
  };

  it.each(Object.entries(VIEWS))('has nothing wrong in its view: %s', async (name, { place, ready }) => {
    await page.evaluate((hash) => (location.hash = hash), place(ids));
    await ready(page).waitFor();
    await expect.poll(() => page.locator('.skeleton').count(), { timeout: 5_000 }).toBe(0);
    await browser.screenshot(page, `${name} ${colorScheme} ${width}`);

    expect(await browser.axe(page)).toEqual([]);
    const widths = '[document.scrollingElement.scrollWidth, innerWidth]';
    const [content, viewport] = await page.evaluate<[number, number]>(widths);
    expect(content).toBeLessThanOrEqual(viewport);
    expect(browser.problems.splice(0)).toEqual([]);
  });
});
