import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningApp } from '../../sample-app/start.js';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import {
  sampleDatabase,
  sampleRedisUrl,
  startSampleApp,
  type SampleDatabase,
} from '../support/sample-app.js';
import { SampleCustomer } from '../support/sample-customer.js';

/** The guide that Roundabout gives to its customers, step by step, in a browser, on PostgreSQL and Bull. */
describe('A customer of Roundabout', () => {
  let browser: TestBrowser;
  let database: SampleDatabase;
  let roundabout: RunningApp;
  let customer: SampleCustomer;
  let page: Page;

  beforeAll(async () => {
    [browser, database] = await Promise.all([openBrowser(), sampleDatabase('postgres')]);
    roundabout = await startSampleApp({
      DATABASE_URL: database.url,
      REDIS_URL: sampleRedisUrl('bull', 10),
      DEMO: '1',
      WEBHOOKS_ALLOW_LOCAL: '1',
      WEBHOOKS_RETRY_SCHEDULE: '1s,1h',
    });
  });
  beforeEach(async () => {
    customer = await SampleCustomer.start();
    page = await signedIn('acme');
    await page.goto(`${roundabout.url}/integrations/webhooks`);
  });
  afterEach(async () => {
    await browser.closePages();
    await customer.stop();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await roundabout?.app.close();
    await database?.drop();
  });

  const signedIn = async (account: string): Promise<Page> => {
    const visitor = await browser.page();
    await visitor.goto(roundabout.url);
    await visitor.getByRole('button', { name: `Continue as ${account}` }).click();
    await visitor.getByRole('heading', { name: 'Overview' }).waitFor();
    return visitor;
  };

  /** Through the form, as the guide says; leaves the page on the new webhook, whose secret the customer takes over. */
  const addWebhook = async (name: string): Promise<void> => {
    await page.getByRole('link', { name: 'Add webhook' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('URL').fill(customer.url);
    await page.getByRole('group', { name: 'Content' }).getByRole('checkbox').first().check();
    await expectSwitch('Active', true);
    await page.getByRole('button', { name: 'Add webhook' }).click();
    const created = page.getByRole('dialog', { name: 'Webhook created' });
    customer.secret = await secretIn(created);
    await created.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { name, level: 2 }).waitFor();
  };
  const expectSwitch = async (name: string, checked: boolean): Promise<void> => {
    await page.getByRole('switch', { name, checked }).waitFor();
  };
  const secretIn = async (within: ReturnType<Page['getByRole']>): Promise<string> =>
    /whsec_[\w+/=]+/.exec(await within.getByText(/^whsec_[A-Za-z0-9+/]/).innerText())![0];
  const publish = async (content: string): Promise<void> => {
    const posts = await page.context().newPage();
    await posts.goto(`${roundabout.url}/posts`);
    await posts.getByLabel('Content').fill(content);
    await posts.getByRole('button', { name: 'Save post' }).click();
    await posts.getByText(content).first().waitFor();
    await posts.close();
  };
  const published =
    (content: string) =>
    ({ type, data }: SampleCustomer['arrivals'][number]) =>
      type === 'post.published' && data.content === content;

  it('adds a webhook with the events of a group, sends a test, and gets what happens, signed', async () => {
    await addWebhook('My CRM');

    await page.getByRole('button', { name: 'Send test' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send a test to My CRM' });
    await dialog.getByLabel('Event type').selectOption('post.published');
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText(/^Succeeded with 200/).waitFor();
    expect(customer.arrivals).toMatchObject([{ accepted: true, type: 'post.published' }]);
    await dialog.getByRole('button', { name: 'Close' }).first().click();

    await publish('Hello from the guide');
    expect(await customer.arrival(published('Hello from the guide'))).toMatchObject({ accepted: true });
    expect(new Set(customer.arrivals.map(({ type }) => type))).toEqual(
      new Set(['post.published', 'post.created']),
    );
  });

  it('is told beside the field what is wrong, and loses nothing that was typed', async () => {
    await page.getByRole('link', { name: 'Add webhook' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('My CRM');
    await page.getByLabel('URL').fill('ftp://example.com/hook');
    await page.getByRole('checkbox', { name: 'All events' }).check();
    await page.getByRole('button', { name: 'Add webhook' }).click();

    const url = page.getByLabel('URL');
    await page.locator('.problem').getByText(/https/).waitFor();
    expect(await url.getAttribute('aria-invalid')).toBe('true');
    expect(await url.inputValue()).toBe('ftp://example.com/hook');
    expect(await url.evaluate((field) => field.matches(':focus'))).toBe(true);
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('My CRM');
  });

  it('turns a webhook off, which gets nothing then, and on again', async () => {
    await addWebhook('Switched');

    await page.getByRole('switch', { name: 'Active' }).click();
    await expectSwitch('Active', false);
    await publish('While it is off');
    await page.getByRole('switch', { name: 'Active' }).click();
    await expectSwitch('Active', true);
    await publish('While it is on');
    await customer.arrival(published('While it is on'));
    expect(customer.arrivals.some(published('While it is off'))).toBe(false);
  });

  it('recovers what a webhook missed while it was off', async () => {
    await addWebhook('Recovered');
    await page.getByRole('switch', { name: 'Active' }).click();
    await expectSwitch('Active', false);
    await publish('Missed');
    await page.getByRole('switch', { name: 'Active' }).click();
    await expectSwitch('Active', true);

    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('button', { name: 'Recover missed events…' }).click();
    await page.getByRole('button', { name: 'Last hour' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Recover \d+ deliver/ })
      .click();
    await page.getByText('All delivered').waitFor();
    expect(await customer.arrival(published('Missed'))).toMatchObject({ accepted: true });
  });

  it('edits name and events, which hold from then on', async () => {
    await addWebhook('Before');
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill('After');
    await page.getByRole('group', { name: 'Content' }).getByRole('checkbox').first().uncheck();
    await page.getByRole('group', { name: 'Platform' }).getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Save changes' }).click();

    await page.getByRole('heading', { name: 'After', level: 2 }).waitFor();
    await publish('Not wanted any more');
    const platforms = await page.context().newPage();
    await platforms.goto(`${roundabout.url}/platforms`);
    await platforms.getByLabel('Username').first().fill('acme-second');
    await platforms.getByRole('button', { name: 'Connect', exact: true }).click();
    await customer.arrival(({ type }) => type === 'platform.connected');
    expect(customer.arrivals.some(published('Not wanted any more'))).toBe(false);
  });

  it('rotates a secret that has leaked: the next request is signed with the new one', async () => {
    await addWebhook('Rotated');
    const before = customer.secret;
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByRole('radio', { name: /^Immediately/ }).check();
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    const rotated = page.getByRole('dialog', { name: 'The secret is rotated' });
    customer.secret = await secretIn(rotated);
    await rotated.getByRole('button', { name: 'Done' }).click();

    expect(customer.secret).not.toBe(before);
    await publish('Signed anew');
    expect(await customer.arrival(published('Signed anew'))).toMatchObject({ accepted: true });
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(await secretIn(page.getByRole('region', { name: 'Signing secret' }))).toBe(customer.secret);
  });

  it('sees what failed and comes again, and sends it once more', async () => {
    await addWebhook('Retried');
    const right = customer.secret;
    customer.secret = 'not the one';
    await publish('Refused at first');
    await customer.arrival((arrival) => published('Refused at first')(arrival) && !arrival.accepted);
    customer.secret = right;
    const second = (arrival: SampleCustomer['arrivals'][number]): boolean =>
      published('Refused at first')(arrival) && arrival.accepted;
    const retried = await customer.arrival(second);
    expect(retried.headers['x-webhook-attempt']).toBe('2');

    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('link', { name: 'post.published' }).first().click();
    const drawer = page.getByRole('dialog', { name: 'Delivery of post.published' });
    await drawer.getByText('Attempt 2').first().waitFor();
    await drawer.getByRole('button', { name: 'Resend', exact: true }).click();
    await drawer.getByRole('button', { name: 'Resend', exact: true }).click();
    const third = await customer.arrival((arrival) => arrival.headers['x-webhook-attempt'] === '3');
    expect(third).toMatchObject({ accepted: true, id: retried.id });
    await drawer.getByText('Attempt 3').first().waitFor();
  });

  it('deletes a webhook, after typing its name', async () => {
    await addWebhook('Deleted');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Deleted' });
    const button = dialog.getByRole('button', { name: 'Delete webhook' });
    await button.click({ force: true });
    await dialog.getByLabel('Type Deleted to confirm').fill('deleted');
    await button.click({ force: true });
    await dialog.waitFor();
    await dialog.getByLabel('Type Deleted to confirm').fill('Deleted');
    await button.click();

    await page.getByRole('heading', { name: 'Your webhooks' }).waitFor();
    await page.getByRole('table').getByRole('link', { name: 'Demo receiver' }).waitFor();
    expect(await page.getByRole('link', { name: 'Deleted', exact: true }).count()).toBe(0);
    await publish('After it is deleted');
    expect(customer.arrivals.some(published('After it is deleted'))).toBe(false);
  });

  it('sees nothing of another customer', async () => {
    await addWebhook('Only of acme');
    const place = new URL(page.url()).hash;
    const globex = await signedIn('globex');
    await globex.goto(`${roundabout.url}/integrations/webhooks`);
    await globex.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    await globex.goto(`${roundabout.url}/integrations/webhooks${place}`);
    await globex.reload();

    await globex.getByRole('heading', { name: 'Webhook not found' }).waitFor();
    expect(await globex.getByText('Only of acme').count()).toBe(0);
    // The browser tells of the 404 by itself.
    expect(browser.problems.splice(0).every((problem) => problem.includes('404'))).toBe(true);
  });
});
