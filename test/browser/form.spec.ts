import { WebhookEndpoint } from 'nestjs-webhooks';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

describe('The form of a webhook', () => {
  let browser: TestBrowser;
  let rest: RestApp;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const stored = async (page: Page): Promise<Record<string, unknown>> => {
    const id = /ep_[0-9a-f]{32}/.exec(page.url())![0];
    return (await rest.as('acme').get(`/${id}`)).body as Record<string, unknown>;
  };
  const save = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('switch', { name: 'Active' }).waitFor();
    await page.waitForURL(/overview$/);
  };

  it('stores all that is given, a whole group as a group', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new' });
    await page.getByLabel('Name', { exact: true }).fill('  CRM  ');
    await page.getByLabel('URL').fill('https://example.com/hook');
    await page.getByRole('group', { name: 'Audience' }).getByRole('checkbox').first().check();
    await page.getByRole('switch', { name: 'Active' }).click();
    await page.getByText('More options').click();
    await page.getByLabel('Description').fill('Feeds the CRM');
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('Name of header 1').fill('x-crm-token');
    await page.getByLabel('Value of header 1').fill('f3a9');
    await page.getByLabel(/^Rate limit/).fill('10');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    const dialog = page.getByRole('dialog', { name: 'Webhook created' });
    const shown = await dialog.getByText(/^whsec_/).innerText();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.waitForURL(/overview$/);

    expect(await stored(page)).toMatchObject({
      name: 'CRM',
      url: 'https://example.com/hook',
      events: ['follower.*'],
      active: false,
      description: 'Feeds the CRM',
      headers: { 'x-crm-token': 'f3a9' },
      rateLimit: 10,
    });
    const id = /ep_[0-9a-f]{32}/.exec(page.url())![0];
    expect(shown.trim()).toBe((await rest.as('acme').get(`/${id}/secret`)).body.secret);
  });

  it('names every required field that is empty, and goes to the first', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new' });
    await page.getByRole('button', { name: 'Add webhook' }).click();

    await page.locator('.problem').nth(2).waitFor();
    const name = page.getByLabel('Name', { exact: true });
    expect(await name.evaluate((field) => field.matches(':focus'))).toBe(true);
    for (const field of [name, page.getByLabel('URL')]) {
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await field.getAttribute('aria-describedby')).toBeTruthy();
    }
    expect((await rest.as('acme').get('/?search=unsaved')).body.data).toEqual([]);
  });

  it('puts what the routes refuse beside its field: header and rate limit, which it opens', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new' });
    await page.getByLabel('Name', { exact: true }).fill('Refused');
    await page.getByLabel('URL').fill('https://example.com/hook');
    await page.getByRole('checkbox', { name: 'All events' }).check();
    await page.getByText('More options').click();
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('Name of header 1').fill('host');
    await page.getByLabel('Value of header 1').fill('evil.example');
    await page.getByText('More options').click();
    await page.getByRole('button', { name: 'Add webhook' }).click();

    await page.locator('.problem').getByText(/host/).waitFor();
    expect(await page.getByLabel('Name of header 1').isVisible()).toBe(true);
    // The browser tells of the 400 by itself.
    expect(browser.problems.splice(0)).toHaveLength(1);
  });

  it('sends what was changed, and nothing where nothing was', async () => {
    const id = await rest.endpoint('acme', { name: 'Edited', events: ['post.created', 'post.published'] });
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/edit` });
    const patches: unknown[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') patches.push(request.postDataJSON());
    });
    await page.getByLabel('Name', { exact: true }).waitFor();
    await save(page);
    expect(patches).toEqual([]);

    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill('Edited twice');
    await save(page);
    expect(patches).toEqual([{ name: 'Edited twice' }]);
  });

  it('shows event types that were removed as discontinued, keeps them, and can remove them', async () => {
    const id = await rest.endpoint('acme', { name: 'Old', events: ['post.created'] });
    const events = ['post.created', 'post.retired', 'story.*'];
    await rest.dataSource.getRepository(WebhookEndpoint).update({ id }, { events });
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/edit` });
    const discontinued = page.getByRole('group', { name: 'Discontinued' });
    await discontinued.getByRole('checkbox', { name: 'story.*' }).waitFor();

    await page.getByRole('checkbox', { name: 'post.published' }).check();
    await save(page);
    expect((await stored(page)).events).toEqual([...events, 'post.published']);
    await page.getByRole('link', { name: 'Settings' }).click();
    const facts = page.getByRole('listitem').filter({ hasText: 'post.retired' });
    expect(await facts.innerText()).toMatch(/^post.retired\s+Discontinued$/);
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await discontinued.getByRole('checkbox', { name: 'post.retired' }).uncheck();
    await discontinued.getByRole('checkbox', { name: 'story.*' }).uncheck();
    await save(page);
    expect((await stored(page)).events).toEqual(['post.created', 'post.published']);
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('checkbox', { name: 'post.published' }).waitFor();
    expect(await discontinued.count()).toBe(0);
  });

  it('is filled in and sent by keyboard alone', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new' });
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://example.com/keyboard');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByRole('checkbox', { name: 'All events', checked: true }).waitFor();
    await page.getByLabel('URL').focus();
    await page.keyboard.press('Enter');

    const dialog = page.getByRole('dialog', { name: 'Webhook created' });
    await dialog.waitFor();
    expect(
      await dialog.evaluate((element) =>
        element.contains((element.getRootNode() as ShadowRoot).activeElement),
      ),
    ).toBe(true);
    await page.keyboard.press('Escape');
    await page.waitForURL(/overview$/);
    expect(await stored(page)).toMatchObject({ name: 'By keyboard', events: ['*'] });
  });
});
