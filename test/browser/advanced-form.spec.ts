import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { ownAuthority, type OwnAuthority } from '../support/own-authority.js';
import { restApp, type RestApp } from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

const TOKEN = 'token-of-the-crm-5d41402abc4b2a76';

describe('The advanced part of a webhook’s form', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let authority: OwnAuthority;
  let account: string;
  let accounts = 0;

  beforeAll(async () => {
    authority = ownAuthority();
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({
        webhooks: {
          events: {
            ...EVENTS,
            'post.published': {
              group: 'Content',
              example: { post_id: 'post_1', titles: ['Hello'] },
              versions: {
                '2024-01-01': {
                  down: ({ titles, ...rest }: { titles: string[] }) => ({ ...rest, title: titles[0] }),
                },
              },
            },
          },
          versions: { '2024-01-01': {}, '2025-03-01': { description: 'A post has titles.' } },
          representations: {
            'crm-line': {
              description: 'A line of text for the CRM.',
              contentType: 'text/plain',
              body: ({ type }) => `Line: ${type}`,
            },
          },
          signature: { ownSecrets: true },
          encryption: { keys: [Buffer.alloc(32, 3).toString('base64')] },
        },
      }),
    ]);
  });
  beforeEach(() => void (account = `account-${++accounts}`));
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const open = async (options: object = {}): Promise<Page> => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new', account, ...options });
    await page.getByLabel('Name', { exact: true }).fill('CRM');
    await page.getByLabel('URL', { exact: true }).fill(`${rest.receiver.url}/crm`);
    await page.getByRole('group', { name: 'Content' }).getByRole('checkbox').first().check();
    await page.getByText('Advanced').click();
    await page.getByLabel('Representation').waitFor();
    return page;
  };
  const edit = async (id: string): Promise<Page> => {
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/edit`, account });
    await page.getByRole('button', { name: 'Save changes' }).waitFor();
    return page;
  };
  const preview = (page: Page) => page.getByRole('region', { name: 'Body of the preview' });
  /** What a route says of a mistake, Chromium writes into the console, too. */
  const forget400 = (): void => {
    expect(browser.problems.splice(0).filter((problem) => !problem.includes('status of 400'))).toEqual([]);
  };
  const added = async (page: Page): Promise<Record<string, unknown>> => {
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await page.getByRole('dialog', { name: 'Webhook created' }).waitFor();
    return (await rest.as(account).get('')).body.data[0];
  };
  const saved = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.waitForURL(/overview$/);
  };

  it('is closed and asks for nothing until it is opened; what is not used stays as it was', async () => {
    const page = await openDashboard(browser, rest, { place: '/webhooks/new', account });
    await page.getByText('Advanced').waitFor();
    expect(await page.getByLabel('Representation').count()).toBe(0);

    const opened = await open();
    expect(await added(opened)).toMatchObject({
      representation: 'envelope',
      version: '2025-03-01',
      authorization: null,
      clientCertificate: null,
    });
  });

  it('shows an event in each form, the app’s own too, and stores the chosen one', async () => {
    const page = await open();
    await page.getByLabel('Representation').selectOption({ label: 'Slack message' });
    await preview(page).getByText('"blocks"').waitFor();
    await page.getByLabel('Representation').selectOption({ label: 'CloudEvents, binary' });
    await page.getByRole('rowheader', { name: 'ce-type' }).waitFor();
    await page.getByLabel('Representation').selectOption({ label: 'crm-line' });
    await preview(page).getByText('Line: post.published').waitFor();
    await page.getByText('A line of text for the CRM.').waitFor();
    await page.getByLabel('Event type of the preview').selectOption('post.created');
    await preview(page).getByText('Line: post.created').waitFor();

    expect(await added(page)).toMatchObject({ representation: 'crm-line' });
  });

  it('shows a template as it is written, and what is wrong with it', async () => {
    const page = await open();
    await page.getByLabel('Representation').selectOption({ label: 'Own template' });
    await preview(page).getByText('"New: post.published"').waitFor();
    const template = page.getByLabel('Template');
    await template.fill('{ "post": "{{data.nothing}}" }');
    await page.getByText('post.published does not have {{data.nothing}}.').waitFor();
    forget400();
    await template.fill('{ "post": ');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await page.getByText(/This is not JSON\. Line 1/).waitFor();
    expect(await template.evaluate((it) => it.matches(':focus'))).toBe(true);
    await template.fill('{ "post": "" }');
    await template.evaluate((it: HTMLTextAreaElement) => it.setSelectionRange(11, 11));
    await page.getByLabel('Insert a placeholder…').selectOption('data.post_id');
    await preview(page).getByText('"post": "post_1"').waitFor();

    expect(await added(page)).toMatchObject({
      representation: { template: { post: '{{data.post_id}}' } },
    });
  });

  it('shows an event in another version, and moves the webhook to it and back', async () => {
    const page = await open();
    await page.getByLabel('Version').selectOption('2024-01-01');
    await preview(page).getByText('"title": "Hello"').waitFor();
    const { id, version } = await added(page);
    expect(version).toBe('2024-01-01');

    const again = await edit(String(id));
    await again.getByText('Advanced').click();
    await again.getByLabel('Version').selectOption('2025-03-01');
    await saved(again);
    expect((await rest.as(account).get(`/${String(id)}`)).body.version).toBe('2025-03-01');
  });

  it.each([
    ['Bearer token', { Token: TOKEN }, { type: 'bearer', hint: `…${TOKEN.slice(-4)}` }],
    ['User name and password', { 'User name': 'crm', Password: TOKEN }, { type: 'basic', hint: 'crm' }],
    ['API key in a header', { Header: 'x-key', Key: TOKEN }, { type: 'apiKey', hint: 'x-key' }],
    [
      'OAuth 2.0 client credentials',
      { 'Token URL': 'https://example.com/token', 'Client ID': 'crm', 'Client secret': TOKEN },
      { type: 'oauth2', hint: 'crm at example.com' },
    ],
  ])('stores as authorization: %s', async (kind, fields, authorization) => {
    const page = await open();
    await page.getByLabel('Authorization').selectOption({ label: kind });
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await page
      .locator('.problem')
      .nth(Object.keys(fields).length - 1)
      .waitFor();
    expect(await page.locator('.problem').allInnerTexts()).toEqual(
      Object.keys(fields).map(() => 'Enter a value.'),
    );
    for (const [label, value] of Object.entries(fields)) {
      await page.getByLabel(label, { exact: true }).fill(value);
    }

    expect(await added(page)).toMatchObject({ authorization });
  });

  it('never shows a credential again, keeps it, replaces it and takes it away', async () => {
    const id = await rest.endpoint(account, { authorization: { type: 'bearer', token: TOKEN } });
    const stored = async (): Promise<unknown> => (await rest.as(account).get(`/${id}`)).body.authorization;
    const page = await edit(id);
    const authorization = page.getByLabel('Authorization');
    await authorization.getByText(`Keep: Bearer token (…${TOKEN.slice(-4)})`).waitFor({ state: 'attached' });
    expect(await page.content()).not.toContain(TOKEN);
    await page.getByLabel('Name', { exact: true }).fill('Renamed');
    await saved(page);
    expect(await stored()).toMatchObject({ type: 'bearer' });

    const replacing = await edit(id);
    await replacing.getByLabel('Authorization').selectOption({ label: 'User name and password' });
    await replacing.getByLabel('User name').fill('crm');
    await replacing.getByLabel('Password').fill(TOKEN);
    await saved(replacing);
    expect(await stored()).toEqual({ type: 'basic', hint: 'crm' });

    const removing = await edit(id);
    await removing.getByLabel('Authorization').selectOption({ label: 'None' });
    await saved(removing);
    expect(await stored()).toBeNull();
  });

  it('stores a client certificate, says what is wrong with one, and shows whose it is', async () => {
    const page = await open();
    const { certificate, key } = authority.ada;
    await page.getByLabel('Client certificate').selectOption({ label: 'New certificate' });
    await page.getByLabel('Certificate, in PEM').fill(certificate);
    await page.getByLabel('Private key, in PEM').fill(authority.ben.key);
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await page.getByText('This key does not belong to the certificate.').waitFor();
    forget400();
    await page.getByLabel('Private key, in PEM').fill(key);
    const { id } = await added(page);

    const again = await edit(String(id));
    await again
      .getByLabel('Client certificate')
      .getByText(/^Keep: .*ada/)
      .waitFor({ state: 'attached' });
    await again.getByText('SHA-256 fingerprint').waitFor();
  });

  it('takes a secret that the customer’s server has already', async () => {
    const page = await open();
    await page.getByLabel('Signing secret').selectOption({ label: 'Use my own' });
    await page.getByLabel('Own secret').fill('short');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await page.getByText('This must have 24 to 128 characters.').waitFor();
    forget400();
    await page.getByLabel('Own secret').fill('a-secret-that-their-server-has-already');
    const { id } = await added(page);

    expect((await rest.as(account).get(`/${String(id)}/secret`)).body.secret).toBe(
      'a-secret-that-their-server-has-already',
    );
  });

  it('has such a secret taken at a rotation, too', async () => {
    const id = await rest.endpoint(account);
    const page = await openDashboard(browser, rest, { place: `/webhooks/${id}/settings`, account });
    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByLabel('Your own secret, or empty for a new one').fill('another-secret-of-their-server');
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByRole('dialog').getByText('another-secret-of-their-server').waitFor();

    const { body } = await rest.as(account).get(`/${id}/secret`);
    expect(body.secret).toBe('another-secret-of-their-server');
  });

  it('is tested as it stands in the form', async () => {
    const page = await open();
    await page.getByLabel('Representation').selectOption({ label: 'crm-line' });
    await page.getByLabel('Authorization').selectOption({ label: 'Bearer token' });
    await page.getByLabel('Token', { exact: true }).fill(TOKEN);
    await page.getByRole('button', { name: 'Send test' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText('Succeeded').waitFor();

    const { body, headers } = rest.receiver.arrivals.at(-1)!;
    expect([body, headers.authorization]).toEqual(['Line: post.published', `Bearer ${TOKEN}`]);
    expect(await dialog.innerText()).not.toContain(TOKEN);
  });

  it('asks before it is left, like the rest of the form', async () => {
    const id = await rest.endpoint(account);
    const page = await edit(id);
    await page.getByText('Advanced').click();
    await page.getByLabel('Representation').selectOption({ label: 'Slack message' });
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('dialog', { name: 'Discard changes?' }).waitFor();
  });

  it('has labels for all, in German, at 360 px too', async () => {
    const id = await rest.endpoint(account, {
      authorization: { type: 'bearer', token: TOKEN },
      clientCertificate: authority.ada,
      representation: { template: { text: '{{event_type}}' } },
    });
    const page = await openDashboard(browser, rest, {
      place: `/webhooks/${id}/edit`,
      account,
      locale: 'de-DE',
      viewport: { width: 360, height: 900 },
    });
    await page.locator('webhooks-form-preview pre').waitFor();
    await page.getByText(`Beibehalten: Bearer-Token (…${TOKEN.slice(-4)})`).waitFor({ state: 'attached' });
    expect(await browser.axe(page)).toEqual([]);
    await page.getByLabel('Autorisierung').selectOption('oauth2');
    await page.getByLabel('Client-Zertifikat').selectOption('new');
    expect(await browser.axe(page)).toEqual([]);
  });
});
