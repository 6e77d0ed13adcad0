import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { Receiver, type Answer } from '../support/receiver.js';
import { restApp, type RestApp } from '../support/rest-app.js';

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
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
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
    await dialog.getByText('"https://example.com/p/1"').waitFor();
    await sendTest(page);

    await dialog.getByText(/^Succeeded with 201/).waitFor();
    await dialog.getByText('Noted <b>it</b>').waitFor();
    await dialog.getByText('Response headers').click();
    await dialog.getByText('x-trace').waitFor();
    await dialog.getByRole('link', { name: /in the log/ }).click();
    await page
      .getByRole('dialog', { name: 'Delivery of post.published' })
      .getByText('Test')
      .first()
      .waitFor();
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
