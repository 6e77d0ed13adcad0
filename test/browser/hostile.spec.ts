import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebhookEvent } from 'nestjs-webhooks';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

/** Each would set `window.hacked`, or ask for /x, where it was taken for more than text. No white space to wrap at. */
const ATTACKS = [
  '<img/src=x/onerror=window.hacked=1>',
  '"><script>window.hacked=1</script>',
  "'/autofocus/onfocus='window.hacked=1",
  'javascript:window.hacked=1',
  '{{constructor.constructor("window.hacked=1")()}}',
  '${window.hacked=1}',
  '__proto__',
];
/** They turn the direction of writing, and do what only a terminal understands. */
const INVISIBLE = '\u202E\u2066\u200F\u0001\u0007\u001B[31m\u007F\u0085';
const ATTACK = ATTACKS.join('') + INVISIBLE;
const LONG_NAME = (ATTACK + 'W'.repeat(255)).slice(0, 255);
const ASCII = ATTACKS.join('');
const PATH = `/${'W'.repeat(300)}/javascript:window.hacked=1/"><script>?<img/src=x/onerror=window.hacked=1>`;
const DATA: object = JSON.parse(
  `{ "__proto__": { "polluted": true }, "constructor": { "prototype": { "polluted": true } },
     "toString": ${JSON.stringify(ATTACK)}, ${JSON.stringify(ATTACK)}: "javascript:window.hacked=1",
     "long": "${'W'.repeat(2_000)}", "deep": ${'[['.repeat(40)}${']]'.repeat(40)} }`,
);
const RESPONSE = {
  status: 400,
  headers: {
    'content-type': 'text/html',
    location: 'javascript:window.hacked=1',
    refresh: '0;url=javascript:window.hacked=1',
    ['__proto__']: ASCII,
    'x-long': 'W'.repeat(2_000),
  },
  body: `<html><body onload=window.hacked=1>${ATTACK}${'W'.repeat(1_000)}</body></html>`,
};

/** All elements in the page and in its shadow roots. */
const WALK = `
  const walk = (root) => [...root.querySelectorAll('*')].flatMap((element) =>
    [element, ...(element.shadowRoot ? walk(element.shadowRoot) : [])]);
  const elements = walk(document);`;

describe('hostile data', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let id: string;
  let deliveryId: string;
  let eventId: string;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({
        webhooks: {
          events: {
            'post.published': { group: ATTACK, description: ATTACK, example: { text: ATTACK, long: PATH } },
            'post.created': { group: 'W'.repeat(100), description: 'W'.repeat(300) },
          },
        },
      }),
    ]);
    for (const name of ATTACKS) await rest.endpoint('acme', { name, events: ['post.created'] });
    id = await rest.endpoint('acme', {
      name: LONG_NAME,
      url: rest.receiver.url + PATH,
      events: ['post.published'],
      description: `${ATTACK}\n${'W'.repeat(500)}`,
      headers: { 'x-attack': ASCII, 'x-long': 'W'.repeat(500) },
    });
    rest.receiver.answer = RESPONSE;
    const options = { tenant: 'acme', idempotencyKey: ATTACK.slice(0, 200) };
    const emitted = await rest.webhooks.emit('post.published', {}, options);
    eventId = emitted.id;
    await rest.settled();
    // An emit refuses some of it; rows of an older version may hold it.
    const body = JSON.stringify({ ...JSON.parse(emitted.body), data: DATA });
    await rest.dataSource.getRepository(WebhookEvent).update(eventId, { body });
    rest.clock.advance('1m');
    deliveryId = (await rest.as('acme').get(`/${id}/deliveries`)).body.data[0].id;
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  /** At the width of a small phone. What happens there on its own comes to `events`. */
  const open = async (place: string): Promise<{ page: Page; events: string[] }> => {
    const events: string[] = [];
    const viewport = { width: 360, height: 780 };
    const page = await openDashboard(browser, rest, { place: '/none', viewport, reducedMotion: 'reduce' });
    page.on('dialog', (dialog) => {
      events.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().includes('/api/webhooks')) events.push(`request: ${request.url()}`);
    });
    page.on('popup', (popup) => events.push(`popup: ${popup.url()}`));
    await page.evaluate((hash) => (location.hash = hash), place);
    return { page, events };
  };

  const expectHarmless = async (page: Page, events: string[]): Promise<void> => {
    expect(await page.evaluate('[window.hacked, {}.polluted]')).toEqual([undefined, undefined]);
    expect(events).toEqual([]);
    const created = `(() => { ${WALK}
      const isOwn = (element) => element.matches('script[src$="element.js"]');
      const handlers = (element) => [...element.attributes].some(({ name }) => name.startsWith('on'));
      return elements.filter((element) => !isOwn(element)
        && (element.matches('img, script, iframe, object, embed, form[action], base, meta[http-equiv]')
          || handlers(element))).map((element) => element.outerHTML); })()`;
    expect(await page.evaluate(created)).toEqual([]);
    const links = `(() => { ${WALK}
      return elements.filter((element) => element.matches('[href]')).map((element) => element.getAttribute('href')); })()`;
    for (const href of await page.evaluate<string[]>(links)) {
      expect(href).toMatch(
        /^(#\/(webhooks|events|event-types|guide)(\/[\w.]+)*|https:\/\/www\.standardwebhooks\.com|http:\/\/[\d.:]+\/api\/webhooks\/guide)$/,
      );
    }
    const widths = '[document.scrollingElement.scrollWidth, innerWidth]';
    const [content, viewport] = await page.evaluate<[number, number]>(widths);
    expect(content).toBeLessThanOrEqual(viewport);
    expect(await browser.axe(page)).toEqual([]);
  };
  const shows = async (where: Locator, text: string): Promise<void> => {
    await where.first().waitFor();
    await expect.poll(() => where.allTextContents(), { timeout: 5_000 }).toContain(text);
  };

  it('is text in the list', async () => {
    const { page, events } = await open('/webhooks');

    await page
      .getByRole('row')
      .nth(ATTACKS.length + 1)
      .waitFor();
    const names = (await page.locator('.name').allTextContents()).map((text) => text.trim());
    expect(names).toEqual([LONG_NAME, ...ATTACKS.toReversed()]);
    await page.locator('.health .numeric').nth(ATTACKS.length).waitFor();
    await expectHarmless(page, events);
  });

  it('is text where a webhook is turned off', async () => {
    const { page, events } = await open('/webhooks');

    const active = page.getByRole('switch', { name: `${ATTACKS[0]} is active` });
    await active.click();
    await shows(page.getByRole('status').locator('.toast > span'), `${ATTACKS[0]} is paused.`);
    await expectHarmless(page, events);
    await active.click();
  });

  it('is text in the overview', async () => {
    const { page, events } = await open(`/webhooks/${id}/overview`);

    await shows(page.getByRole('heading', { level: 2 }), LONG_NAME);
    await page.getByRole('group', { name: 'Period' }).waitFor();
    await page.getByText('Show as table').first().waitFor();
    await expectHarmless(page, events);
  });

  it('is text in the delivery log', async () => {
    const { page, events } = await open(`/webhooks/${id}/deliveries`);

    await page.getByRole('table', { name: 'Deliveries, the newest first' }).waitFor();
    await expectHarmless(page, events);
  });

  it('is text in a delivery: its payload, headers and responses', async () => {
    const { page, events } = await open(`/webhooks/${id}/deliveries/${deliveryId}`);
    const drawer = page.getByRole('dialog');

    await shows(drawer.getByRole('region', { name: 'Response body of attempt 1' }), RESPONSE.body);
    const payload = await drawer.getByRole('region', { name: 'Payload', exact: true }).textContent();
    expect(JSON.stringify(JSON.parse(payload!).data)).toBe(JSON.stringify(DATA));
    const headers = async (caption: string): Promise<Record<string, string>> => {
      const cells = await drawer.getByRole('table', { name: caption }).locator('th, td').allTextContents();
      return Object.fromEntries(cells.flatMap((name, at) => (at % 2 ? [] : [[name, cells[at + 1]!]])));
    };
    expect(await headers('Request headers')).toMatchObject({ 'x-attack': ASCII, 'x-long': 'W'.repeat(500) });
    expect(await headers('Response headers')).toMatchObject({ location: RESPONSE.headers.location });
    expect(Object.entries(await headers('Response headers'))).toContainEqual(['__proto__', ASCII]);
    await expectHarmless(page, events);
  });

  it('is text in the settings', async () => {
    const { page, events } = await open(`/webhooks/${id}/settings`);

    const details = page.getByRole('region', { name: 'Details' });
    await shows(details.locator('.pre-line'), `${ATTACK}\n${'W'.repeat(500)}`);
    await details.getByRole('button', { name: 'Show values' }).click();
    expect(await details.textContent()).toContain(`x-attack: ${ASCII}`);
    await expectHarmless(page, events);
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').waitFor();
    await expectHarmless(page, events);
  });

  it('is text in the form', async () => {
    const { page, events } = await open(`/webhooks/${id}/edit`);

    const name = page.getByLabel('Name', { exact: true });
    await name.waitFor();
    // A field of one line has none of them.
    expect(await name.inputValue()).toBe(LONG_NAME.replaceAll(/[\r\n]/g, ''));
    await page.getByText('post.published').first().waitFor();
    await expectHarmless(page, events);
  });

  it('is text in a test and its response', async () => {
    const { page, events } = await open(`/webhooks/${id}/overview`);
    await page.getByRole('button', { name: 'Send test' }).click();
    const dialog = page.getByRole('dialog');

    await dialog.getByRole('button', { name: 'Send test' }).click();
    await shows(dialog.getByRole('region', { name: /response/i }), RESPONSE.body);
    await expectHarmless(page, events);
  });

  it('is text in the list of events', async () => {
    const { page, events } = await open('/events');

    await page.getByRole('table', { name: 'Events, the newest first' }).waitFor();
    await expectHarmless(page, events);
  });

  it('is text in an event, with the names of its webhooks', async () => {
    const { page, events } = await open(`/events/${eventId}`);

    const body = await page.getByRole('region', { name: 'Body of the event' }).textContent();
    expect(JSON.stringify(JSON.parse(body!).data)).toBe(JSON.stringify(DATA));
    await page.getByText(ATTACK.slice(0, 200)).first().waitFor();
    await page.getByText(LONG_NAME).first().waitFor();
    await expectHarmless(page, events);
  });

  it('is text in the event types', async () => {
    const { page, events } = await open('/event-types');

    await page.getByRole('heading', { name: 'Event types', level: 2 }).waitFor();
    await page.getByText(ATTACKS[0]!).filter({ visible: true }).first().waitFor();
    await expectHarmless(page, events);
  });
});
