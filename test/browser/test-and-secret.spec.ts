import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { Receiver, type Answer } from '../support/receiver.js';
import { restApp, type RestApp } from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

const HOUR_MS = 3_600_000;

/** A URL on this machine where nobody listens any more. */
async function deserted(): Promise<string> {
  const gone = await Receiver.start();
  await gone.stop();
  return gone.url;
}

describe('The dashboard of a webhook', () => {
  let browser: TestBrowser;
  let rest: RestApp;

  beforeAll(async () => {
    const order = { order_id: { type: 'string' }, cents: { type: 'integer' } };
    const schema = { type: 'object', required: ['order_id', 'cents'], properties: order };
    const events = { ...EVENTS, 'order.paid': { schema, example: { order_id: 'o1', cents: 100 } } };
    const webhooks = { events, limits: { testsPerMinute: 1_000 } };
    [browser, rest] = await Promise.all([openBrowser(), restApp({ webhooks })]);
  });
  afterEach(async () => {
    await browser.closePages();
    rest.receiver.answer = 200;
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const openTest = async (input: object, name = 'Tested'): Promise<Page> => {
    const id = await rest.endpoint('acme', { name, ...input });
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/overview` });
    await page.getByRole('button', { name: 'Send test' }).click();
    return page;
  };
  const sendTest = (page: Page): Promise<void> =>
    page.getByRole('dialog').getByRole('button', { name: 'Send test' }).click();

  it('shows the example of an event type, sends it, and what was answered', async () => {
    rest.receiver.answer = {
      status: 201,
      headers: { 'content-type': 'text/plain', 'x-trace': '42' },
      body: 'Noted <b>it</b>',
    };
    const page = await openTest({ events: ['post.published'] });
    const dialog = page.getByRole('dialog', { name: 'Send a test to Tested' });
    // First those that it wants.
    expect(await dialog.getByLabel('Event type').inputValue()).toBe('post.published');
    expect(await dialog.getByLabel('Payload').inputValue()).toContain('"url": "https://example.com/p/1"');
    await sendTest(page);

    await dialog.getByText(/^Succeeded with 201/).waitFor();
    await dialog.getByText('Noted <b>it</b>').waitFor();
    await dialog.getByText('Response headers').click();
    await dialog.getByText('x-trace').waitFor();
    const request = dialog.getByRole('region', { name: 'Request', exact: true });
    await request.getByText(`POST ${rest.receiver.url}`).waitFor();
    const { body, headers } = rest.receiver.arrivals.at(-1)!;
    await request
      .getByText(JSON.parse(body).id as string)
      .first()
      .waitFor();
    await request.getByText('Request headers, with the signature').click();
    await request.getByText(headers['webhook-signature'] as string, { exact: true }).waitFor();
    await dialog.getByRole('link', { name: /in the log/ }).click();
    await page
      .getByRole('dialog', { name: 'Delivery of post.published' })
      .getByText('Test')
      .first()
      .waitFor();
  });

  describe('with a payload of its own', () => {
    const data = (): unknown => JSON.parse(rest.receiver.arrivals.at(-1)!.body).data;

    it('sends what was typed, until it is reset', async () => {
      const page = await openTest({ events: ['order.paid'] });
      const payload = page.getByLabel('Payload');
      await payload.fill('{ "order_id": "o7", "cents": 5 }');
      await sendTest(page);
      await page.getByText(/^Succeeded with 200/).waitFor();
      expect(data()).toEqual({ order_id: 'o7', cents: 5 });

      await page.getByRole('button', { name: 'Reset to the example' }).click();
      expect(await payload.evaluate((it) => it.matches(':focus'))).toBe(true);
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByText(/^Succeeded with 200/).waitFor();
      await expect.poll(data).toEqual({ order_id: 'o1', cents: 100 });
    });

    it.each([
      ['{\n  "order_id": "o7"\n  "cents": 5\n}', 'This is not JSON. Line 3, column 3: expected , or }.'],
      ['{ "order_id": o7 }', 'This is not JSON. Line 1, column 15: expected a value.'],
      ['{ order_id: 1 }', 'This is not JSON. Line 1, column 3: expected a name in double quotes.'],
      ['{ "a": [1, 2 }', 'This is not JSON. Line 1, column 14: expected , or ].'],
      ['{ "a": 01 }', 'This is not JSON. Line 1, column 8: expected a value.'],
      ['{} {}', 'This is not JSON. Line 1, column 4: expected the end.'],
      ['[1]', 'Enter a JSON object, which begins with {.'],
    ])('says where %j stops being JSON, and sends nothing', async (text, words) => {
      const page = await openTest({ events: ['order.paid'] });
      const payload = page.getByLabel('Payload');
      await payload.fill(text);
      await page.getByText(words).waitFor();
      expect(await payload.getAttribute('aria-invalid')).toBe('true');
      expect(await payload.evaluate((it) => it.getAttribute('aria-describedby'))).toContain('problem');
      const arrivals = rest.receiver.arrivals.length;
      await sendTest(page);
      expect(await payload.evaluate((it) => it.matches(':focus'))).toBe(true);
      expect(rest.receiver.arrivals.length).toBe(arrivals);
    });

    it('names the fields that break the schema', async () => {
      const page = await openTest({ events: ['order.paid'] });
      await page.getByLabel('Payload').fill('{ "order_id": 7 }');
      await sendTest(page);
      await page.getByText('data.order_id: This must be of type string.').waitFor();
      await page.getByText('data.cents: Enter a value.').waitFor();
      expect(await page.getByLabel('Payload').evaluate((it) => it.matches(':focus'))).toBe(true);
      browser.problems.length = 0;
    });
  });

  it('tests a webhook before it is saved, with a secret that stays until the dialog closes', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new', account: 'drafts' });
    const send = page.getByRole('button', { name: 'Send test' });
    await send.click();
    await page.getByText('Enter a URL.').waitFor();
    expect(await page.getByLabel('URL').evaluate((it) => it.matches(':focus'))).toBe(true);
    // A name and events are not asked for yet.
    expect(await page.locator('.problem').count()).toBe(1);
    await page.getByLabel('URL').fill(`${rest.receiver.url}/draft`);
    await page.getByText('More options').click();
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('Name of header 1').fill('x-team');
    await page.getByLabel('Value of header 1').fill('blue');

    await send.click();
    const dialog = page.getByRole('dialog', { name: 'Send a test' });
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText(/^Succeeded with 200/).waitFor();
    expect(rest.receiver.arrivals.at(-1)).toMatchObject({ path: '/draft', headers: { 'x-team': 'blue' } });
    const secret = dialog.getByRole('region', { name: 'One-time secret' });
    const shown = await secret.innerText();
    expect(shown).toMatch(/^whsec_/);
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await dialog.getByText(/^Succeeded with 200/).waitFor();
    expect(await secret.innerText()).toBe(shown);

    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect(await page.getByLabel('URL').inputValue()).toBe(`${rest.receiver.url}/draft`);
    expect((await rest.as('drafts').get('/')).body.data).toEqual([]);
  });

  it('sends a test to a webhook that is off', async () => {
    const page = await openTest({ active: false });
    await sendTest(page);
    await page.getByText(/^Succeeded with 200/).waitFor();
  });

  it.each<[string, Answer | 'unreachable', RegExp]>([
    ['a path that is wrong', 404, /not found|no such|path/i],
    ['credentials that are missing', 401, /signature|credentials|authori|sign/i],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }, /redirect/i],
    ['an error of the server', 500, /server/i],
    ['nobody who listens', 'unreachable', /connect/i],
  ])('says in words what is wrong: %s', async (_, answer, words) => {
    if (answer !== 'unreachable') rest.receiver.answer = answer;
    const page = await openTest(answer === 'unreachable' ? { url: await deserted() } : {});
    await sendTest(page);

    const outcome = page.locator('.test-outcome');
    await outcome.getByText(/^Failed/).waitFor();
    expect(await outcome.innerText()).toMatch(words);
  });

  it('keeps a secret hidden until it is asked for', async () => {
    const id = await rest.endpoint('acme', { name: 'Secretive' });
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/settings` });
    const { secret } = (await rest.as('acme').get(`/${id}/secret`)).body as { secret: string };
    const region = page.getByRole('region', { name: 'Signing secret' });
    await region.getByRole('button', { name: 'Reveal' }).waitFor();
    expect(
      await page.locator('webhooks-dashboard').evaluate((host) => host.shadowRoot!.innerHTML),
    ).not.toContain(secret);

    await region.getByRole('button', { name: 'Reveal' }).click();
    await region.getByText(secret).waitFor();
    await region.getByRole('button', { name: 'Hide', exact: true }).click();
    expect(await region.getByText(secret).count()).toBe(0);
  });

  it('rotates with an overlap, tells when the old secret ends, and both sign until then', async () => {
    const id = await rest.endpoint('acme', { name: 'Rotating' });
    const old = (await rest.as('acme').get(`/${id}/secret`)).body as { secret: string };
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/settings` });
    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByRole('radio', { name: 'After 1 hour' }).check();
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await page
      .getByRole('dialog', { name: 'The secret is rotated' })
      .getByRole('button', { name: 'Done' })
      .click();

    const { secret, previous } = (await rest.as('acme').get(`/${id}/secret`)).body;
    expect(secret).not.toBe(old.secret);
    expect(previous).toEqual([
      { secret: old.secret, expiresAt: new Date(rest.clock.now() + HOUR_MS).toISOString() },
    ]);
    const region = page.getByRole('region', { name: 'Signing secret' });
    await region.getByRole('button', { name: /^(Reveal|Hide)$/ }).waitFor();
    if ((await region.getByText(secret).count()) === 0) {
      await region.getByRole('button', { name: 'Reveal' }).click();
    }
    await region.getByText(secret).waitFor();
    await region.getByText(old.secret).waitFor();
  });

  it('masks the values of custom headers, which may be credentials', async () => {
    const id = await rest.endpoint('acme', { name: 'Masked', headers: { authorization: 'Bearer f3a9' } });
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/settings` });
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByText('authorization').waitFor();
    expect(await details.getByText('f3a9').count()).toBe(0);
    await details.getByRole('button', { name: 'Show values' }).click();
    await details.getByText('Bearer f3a9').waitFor();
  });
});
