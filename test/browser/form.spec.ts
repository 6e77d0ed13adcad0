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

  it('names the problems of all fields at once', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new' });
    await page.getByLabel('URL').fill('ftp://user@example.com/hook#there');
    await page.getByText('More options').click();
    await page.getByLabel('Description').fill('d'.repeat(2_001));
    for (const [index, name, value] of [
      [1, 'content-type', 'text/plain'],
      [2, 'X-Key', 'naïve'],
      [3, 'x-key', 'twice'],
      [4, 'a b', 'space'],
    ] as const) {
      await page.getByRole('button', { name: 'Add header' }).click();
      await page.getByLabel(`Name of header ${index}`).fill(name);
      await page.getByLabel(`Value of header ${index}`).fill(value);
    }
    await page.getByLabel(/^Rate limit/).fill('1.5');
    await page.getByRole('button', { name: 'Add webhook' }).click();

    await page.getByText('Choose at least one event.').waitFor();
    expect(await page.locator('.problem').allInnerTexts()).toEqual([
      'Enter a name.',
      'The URL must use https or http.',
      'Choose at least one event.',
      'This is too long: 2,001 of 2,000 characters.',
      'The header content-type is reserved. Use another name.',
      'The value can have printable ASCII characters only.',
      'This header is given twice.',
      'A header name has letters, digits and hyphens only.',
      'Enter a whole number from 1 to 1,000, or leave it empty.',
    ]);
  });

  describe('that was changed', () => {
    const changed = async (): Promise<Page> => {
      const id = await rest.endpoint('acme', { name: 'Kept' });
      const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/overview` });
      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await page.getByLabel('Name', { exact: true }).fill('Changed');
      return page;
    };
    const question = (page: Page) => page.getByRole('dialog', { name: 'Discard changes?' });

    it.each([
      ['a link', (page: Page) => page.getByRole('link', { name: 'Events', exact: true }).click(), 'Events'],
      ['Cancel', (page: Page) => page.getByRole('link', { name: 'Cancel' }).click(), 'Kept'],
      ['Back', (page: Page) => page.goBack(), 'Kept'],
    ])('asks before it goes by %s', async (_, leave, heading) => {
      const page = await changed();
      await leave(page);
      await question(page).getByRole('button', { name: 'Keep editing' }).click();
      await question(page).waitFor({ state: 'detached' });
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Changed');
      expect(page.url()).toMatch(/edit$/);

      await leave(page);
      await question(page).getByRole('button', { name: 'Discard changes' }).click();
      await page.getByRole('heading', { level: 2, name: heading }).waitFor();
      expect(page.url()).not.toMatch(/edit$/);
    });

    it('asks before the page goes', async () => {
      const page = await changed();
      const asked = page.waitForEvent('dialog');
      const reloaded = page.reload();
      const dialog = await asked;
      expect(dialog.type()).toBe('beforeunload');
      await dialog.accept();
      await reloaded;
    });

    it('goes without a question once it is as it was, and once it is saved', async () => {
      const page = await changed();
      await page.getByLabel('Name', { exact: true }).fill('Kept');
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByRole('switch', { name: 'Active' }).waitFor();

      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await page.getByLabel('Name', { exact: true }).fill('Changed');
      await save(page);
      expect(await question(page).count()).toBe(0);
    });
  });

  it('puts what the routes refuse beside its field: header and rate limit, which it opens', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new' });
    await page.getByLabel('Name', { exact: true }).fill('Refused');
    await page.getByLabel('URL').fill('https://example.com/hook');
    await page.getByRole('checkbox', { name: 'All events' }).check();
    await page.getByText('More options').click();
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('Name of header 1').fill('x-real-ip');
    await page.getByLabel('Value of header 1').fill('evil.example');
    await page.getByText('More options').click();
    await page.getByRole('button', { name: 'Add webhook' }).click();

    await page.locator('.problem').getByText('This header is reserved. Use another name.').waitFor();
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
