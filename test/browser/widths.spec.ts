import type { FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { IS_FULL_RUN } from '../support/daily.js';
import { restApp, type RestApp } from '../support/rest-app.js';
import { overflowsAt } from './overflows.js';
import { inPseudoLanguage, plainEnglish } from './plain-english.js';

const HOUR = 3_600_000;
const LONG_NAME = 'The warehouse of our subsidiary in Llanfairpwllgwyngyllgogerychwyrndrobwll';
/** Longer words break the same rules: fewer widths show it. */
const SOME_WIDTHS = [320, 360, 480, 560, 580, 720, 880, 900, 920, 1080, 1280, 1920];
const WIDTHS = IS_FULL_RUN ? Array.from({ length: 81 }, (_, index) => 320 + 20 * index) : SOME_WIDTHS;

type Ids = Readonly<Record<'busy' | 'long' | 'off' | 'failed' | 'pending' | 'event', string>>;

interface View {
  readonly place: (ids: Ids) => string;
  /** What a person does there first. */
  readonly act?: (dashboard: FrameLocator, page: Page) => Promise<unknown>;
  /** What is there last. */
  readonly ready: (dashboard: FrameLocator) => Locator;
}

const button =
  (...names: string[]) =>
  async (dashboard: FrameLocator): Promise<void> => {
    for (const name of names) await dashboard.getByRole('button', { name, exact: true }).first().click();
  };
const dialog =
  (text: string | RegExp) =>
  (dashboard: FrameLocator): Locator =>
    dashboard.getByRole('dialog').getByText(text).first();

const VIEWS: Record<string, View> = {
  guide: { place: () => '/guide/python', ready: (it) => it.getByRole('tab', { name: 'Python' }) },
  list: { place: () => '/webhooks', ready: (it) => it.locator('.health .numeric').nth(5) },
  'list without a match': {
    place: () => '/webhooks',
    act: (it) => it.getByRole('searchbox').fill('nothing like it'),
    ready: (it) => it.getByRole('heading', { name: 'No webhook matches' }),
  },
  overview: {
    place: ({ busy }) => `/webhooks/${busy}/overview`,
    ready: (it) => it.getByText('Show as table').last(),
  },
  'overview with tables': {
    place: ({ busy }) => `/webhooks/${busy}/overview`,
    act: async (it) => {
      await it.getByText('Show as table').last().click();
      await it.getByText('Show as table').first().click();
    },
    ready: (it) => it.locator('.chart-table').first(),
  },
  'settings of a disabled one': {
    place: ({ long }) => `/webhooks/${long}/settings`,
    ready: (it) => it.getByText(/^Disabled since/),
  },
  deliveries: {
    place: ({ busy }) => `/webhooks/${busy}/deliveries`,
    ready: (it) => it.locator('.log tbody tr').nth(5),
  },
  'deliveries in a period': {
    place: ({ busy }) => `/webhooks/${busy}/deliveries`,
    act: (it) => it.getByLabel('Period', { exact: true }).selectOption('custom'),
    ready: (it) => it.getByLabel('From', { exact: true }),
  },
  'drawer, failed': {
    place: ({ busy, failed }) => `/webhooks/${busy}/deliveries/${failed}`,
    ready: (it) => it.getByRole('table', { name: 'Request headers' }).first(),
  },
  'drawer, retrying': {
    place: ({ busy, pending }) => `/webhooks/${busy}/deliveries/${pending}`,
    ready: (it) => it.getByRole('table', { name: 'Request headers' }).first(),
  },
  'a selection': {
    place: ({ busy }) => `/webhooks/${busy}/deliveries`,
    act: async (it) => {
      await it.locator('.log tbody tr').nth(5).waitFor();
      await it.getByLabel('Select all that are shown').check();
    },
    ready: (it) => it.locator('.selection'),
  },
  'export dialog': {
    place: ({ busy }) => `/webhooks/${busy}/deliveries`,
    act: button('Export…'),
    ready: dialog('With payloads'),
  },
  'recover dialog': {
    place: ({ busy }) => `/webhooks/${busy}/deliveries`,
    act: (it) => it.getByRole('button', { name: /^Recover/ }).click(),
    ready: dialog(/There is nothing to recover|will be/),
  },
  'recover dialog of one that is off': {
    place: ({ off }) => `/webhooks/${off}/deliveries`,
    act: (it) => it.getByRole('button', { name: /^Recover/ }).click(),
    ready: (it) => it.getByRole('dialog').getByRole('button', { name: 'Turn on' }),
  },
  settings: {
    place: ({ busy }) => `/webhooks/${busy}/settings`,
    act: button('Show values', 'Reveal'),
    ready: (it) => it.getByText(/whsec_/).first(),
  },
  'rotate dialog': {
    place: ({ busy }) => `/webhooks/${busy}/settings`,
    act: button('Rotate…'),
    ready: (it) => it.getByRole('dialog').getByRole('radio').last(),
  },
  'delete dialog': {
    place: ({ long }) => `/webhooks/${long}/settings`,
    act: button('Delete…'),
    ready: (it) => it.getByRole('dialog').getByRole('textbox'),
  },
  changes: {
    place: ({ long }) => `/webhooks/${long}/changes`,
    ready: (it) => it.getByRole('cell', { name: /^Created/ }),
  },
  'test dialog': {
    place: ({ long }) => `/webhooks/${long}/settings`,
    act: async (it) => {
      await it.getByRole('button', { name: 'Send test' }).click();
      await it.getByRole('dialog').getByRole('button', { name: 'Send test' }).click();
    },
    ready: dialog('Response headers'),
  },
  form: { place: () => '/webhooks/new', ready: (it) => it.getByText('post.published').first() },
  'form with problems': {
    place: () => '/webhooks/new',
    act: async (it) => {
      await it.getByText('More options').click();
      await it.getByRole('button', { name: 'Add header' }).click();
      await it.getByLabel('Value of header 1').fill('x'.repeat(80));
      await it.getByRole('button', { name: 'Add condition' }).click();
      await it.getByLabel('Field of condition 1').fill('data.text');
      await it.getByRole('button', { name: 'Add webhook' }).click();
    },
    ready: (it) => it.locator('.problem').nth(5),
  },
  'form with its advanced part': {
    place: () => '/webhooks/new',
    act: async (it) => {
      await it.getByText('Advanced').click();
      await it.getByLabel('Representation').selectOption('{');
      await it.getByLabel('Authorization').selectOption('oauth2');
      await it.getByLabel('Client certificate').selectOption('new');
    },
    ready: (it) => it.locator('webhooks-form-preview pre'),
  },
  'form of one that is there': {
    place: ({ long }) => `/webhooks/${long}/edit`,
    ready: (it) => it.getByLabel('Description'),
  },
  events: { place: () => '/events', ready: (it) => it.locator('.table tbody tr').nth(5) },
  event: { place: ({ event }) => `/events/${event}`, ready: (it) => it.getByRole('link', { name: 'CRM' }) },
  'event types': {
    place: () => '/event-types',
    ready: (it) => it.getByRole('heading', { name: 'post.published' }),
  },
  'an unknown event type': {
    place: () => `/event-types/${'some_thing.'.repeat(12)}gone`,
    ready: (it) => it.getByText('There is no event type'),
  },
  'a webhook that is not there': {
    place: () => `/webhooks/ep_${'0'.repeat(32)}/overview`,
    ready: (it) => it.getByRole('link', { name: 'Show your webhooks' }),
  },
  'no webhooks': {
    place: () => '/webhooks',
    act: (_, page) => answering(page, '**/api/webhooks?*', 200, '{"data":[],"nextCursor":null}'),
    ready: (it) => it.getByRole('heading', { name: 'No webhooks yet' }),
  },
  'a list that can’t be loaded': {
    place: () => '/webhooks',
    act: (_, page) => answering(page, '**/api/webhooks?*', 500, ''),
    ready: (it) => it.getByRole('button', { name: 'Try again' }),
  },
  'a log that can’t be loaded': {
    place: ({ busy }) => `/webhooks/${busy}/deliveries`,
    act: (_, page) => answering(page, '**/deliveries?*', 500, ''),
    ready: (it) => it.getByRole('button', { name: 'Try again' }),
  },
};

/** The view is shown anew, and gets this answer. */
async function answering(page: Page, url: string, status: number, body: string): Promise<void> {
  const frame = page.frames()[1]!;
  const place = await frame.evaluate<string>('location.hash');
  await frame.evaluate(() => (location.hash = '/event-types'));
  await page.route(url, (route) => route.fulfill({ status, body, contentType: 'application/json' }));
  await frame.evaluate((hash) => (location.hash = hash), place);
}

describe('the dashboard at each width from 320 to 1,920 px', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let page: Page;
  let ids: Ids;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({ webhooks: { retry: { schedule: ['5m'] } } }),
    ]);
    ids = await seed();
    page = await browser.page({
      extraHTTPHeaders: { 'x-account': 'acme' },
      viewport: { width: 1940, height: 900 },
      reducedMotion: 'reduce',
    });
    await page.clock.install({ time: rest.clock.now() });
    const origin = await rest.app.getUrl();
    // In a frame, whose width a script can set many times a second.
    const html = '<!doctype html><title>Widths</title><iframe style="border: 0; height: 880px"></iframe>';
    await page.route(`${origin}/widths`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.goto(`${origin}/widths`);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const seed = async (): Promise<Ids> => {
    const endpoint = (input: object): Promise<string> => rest.endpoint('acme', input);
    const busy = await endpoint({
      name: 'CRM',
      events: ['post.*', 'follower.gained'],
      headers: { 'x-crm-token': 'f3a9'.repeat(20) },
      description: 'Feeds the CRM of the sales team.',
      rateLimit: 1000,
    });
    await rest.webhooks.endpoints.rotateSecret('acme', busy, 24 * HOUR);
    const off = await endpoint({ name: 'Warehouse', active: false, events: ['post.created'] });
    const long = await endpoint({
      name: LONG_NAME,
      url: `${rest.receiver.url}/gone/${'and-on-'.repeat(20)}?token=${'f'.repeat(100)}`,
      events: ['*', 'post.*', 'post.created', 'follower.gained'],
      description: 'd'.repeat(200),
    });
    const answerWith = (status: number): void => {
      rest.receiver.answer = ({ path }, response) =>
        response
          .writeHead(path.startsWith('/gone') ? 410 : status, { 'x-trace': 't'.repeat(90) })
          .end(JSON.stringify({ error: 'e'.repeat(120) }));
    };
    const emit = async (status: number): Promise<string> => {
      answerWith(status);
      const data = { post_id: 'post_1', text: 'x'.repeat(120) };
      const { id } = await rest.webhooks.emit('post.published', data, { tenant: 'acme' });
      await rest.settled();
      return id;
    };
    const newest = async (): Promise<string> =>
      (await rest.as('acme').get(`/${busy}/deliveries?limit=1`)).body.data[0].id;
    await emit(503);
    await rest.after(5 * 60_000);
    const failed = await newest();
    for (let hour = 0; hour < 6; hour++) {
      await emit(200);
      await rest.after(HOUR);
    }
    await endpoint({ name: 'Mirror of all that happens', events: ['*'] });
    await endpoint({ name: 'A', events: ['follower.gained'] });
    await endpoint({ name: 'B', events: ['follower.gained'] });
    const event = await emit(502);
    rest.clock.advance('7m');
    return { busy, off, long, failed, pending: await newest(), event };
  };

  it.each(Object.entries(VIEWS))('cuts nothing off: %s', async (name, { place, act, ready }) => {
    const dashboard = page.frameLocator('iframe');
    // A frame of its own for each view, so that nothing of another is left.
    await page.evaluate(
      (url) => (document.querySelector('iframe')!.src = url),
      `/api/webhooks/dashboard?${encodeURIComponent(name)}#${place(ids)}`,
    );
    await page.evaluate(() => (document.querySelector('iframe')!.style.width = '1000px'));
    await dashboard.locator('.dashboard').waitFor();
    await act?.(dashboard, page);
    await ready(dashboard).waitFor();
    await expect.poll(() => dashboard.locator('.skeleton').count(), { timeout: 5_000 }).toBe(0);

    expect(await overflowsAt(page, WIDTHS)).toEqual([]);
    await inPseudoLanguage(page);
    expect(await plainEnglish(page)).toEqual([]);
    expect(await overflowsAt(page, SOME_WIDTHS)).toEqual([]);
    await page.unrouteAll();
  });
});
