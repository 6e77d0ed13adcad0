import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const EVENTS = {
  'order.paid': {
    group: 'Orders',
    schema: {
      type: 'object',
      properties: {
        status: { type: 'string', enum: ['new', 'paid', 'sent'] },
        total: { type: 'number' },
        gift: { type: 'boolean' },
        customer: { type: 'object', properties: { name: { type: 'string' } } },
      },
    },
    example: { status: 'paid', total: 120, note: 'ring twice' },
  },
  'post.created': { group: 'Content', example: { post_id: 'post_1' } },
};

describe('The filter of a webhook', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let account = '';
  let accounts = 0;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp({ webhooks: { events: EVENTS } })]);
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const created = async (filter: object | null = null): Promise<string> => {
    account = `filters-${++accounts}`;
    const input = { name: 'Shop', url: 'https://example.com/', events: ['order.*'], filter };
    return (await rest.as(account).post('/', input)).body.id as string;
  };
  const open = (place: string): Promise<Page> => openDashboard(browser, rest, { place, account });
  const stored = async (id: string): Promise<unknown> => (await rest.as(account).get(`/${id}`)).body.filter;
  const save = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.waitForURL(/overview$/);
  };

  it('is made of rows, with the fields and values of the schema, and tells what it would have matched', async () => {
    const id = await created();
    for (const [status, total] of [
      ['paid', 50],
      ['paid', 500],
      ['new', 500],
    ] as const) {
      await rest.webhooks.emit('order.paid', { status, total }, { tenant: account });
    }
    await rest.webhooks.emit('post.created', { status: 'paid', total: 500 }, { tenant: account });
    const page = await open(`/webhooks/${id}/edit`);
    await page.getByRole('button', { name: 'Add condition' }).click();
    const offered = page.locator('#filter-fields option');
    expect(await offered.evaluateAll((all) => all.map((one) => one.getAttribute('value')))).toEqual([
      'data.status',
      'data.total',
      'data.gift',
      'data.customer',
      'data.customer.name',
      'data.note',
      'event_type',
    ]);
    await page.getByLabel('Field of condition 1').fill('data.status');
    const value = page.getByLabel('Value of condition 1');
    expect(await value.locator('option').allInnerTexts()).toEqual(['', 'new', 'paid', 'sent']);
    await value.selectOption('paid');
    await page.getByRole('button', { name: 'Add condition' }).click();
    await page.getByLabel('Field of condition 2').fill('data.total');
    await page.getByLabel('Operator of condition 2').selectOption('is at least');
    await page.getByLabel('Value of condition 2').fill('100');
    await page.clock.runFor(1_000);
    await page.getByText('Would have matched 1 of your last 3 events.').waitFor();
    await page.getByLabel('Conditions', { exact: true }).selectOption('Any condition matches');
    await page.clock.runFor(1_000);
    await page.getByText('Would have matched 3 of your last 3 events.').waitFor();
    await save(page);

    expect(await stored(id)).toEqual({
      any: [
        { field: 'data.status', equals: 'paid' },
        { field: 'data.total', gte: 100 },
      ],
    });
  });

  it('keeps each type of value as it is, and comes back as rows', async () => {
    const filter = {
      all: [
        { field: 'data.note', equals: '100' },
        { field: 'data.gift', equals: true },
        { not: { field: 'data.status', equals: 'new' } },
        { field: 'data.total', in: [1, 2.5] },
        { field: 'data.customer', exists: false },
        { field: 'data.note', startsWith: 'ring' },
      ],
    };
    const id = await created(filter);
    const page = await open(`/webhooks/${id}/edit`);
    expect(await page.getByLabel('Value of condition 1').inputValue()).toBe('"100"');
    expect(await page.getByLabel('Operator of condition 3').inputValue()).toBe('not equals');
    expect(await page.getByLabel('Value of condition 4').inputValue()).toBe('1, 2.5');
    await page.getByRole('button', { name: 'Remove condition 6' }).click();
    await save(page);
    expect(await stored(id)).toEqual({ all: filter.all.slice(0, 5) });
    const settings = await open(`/webhooks/${id}/settings`);
    await settings.getByText('data.customer does not exist').waitFor();
  });

  it('is not saved with a condition that is not whole', async () => {
    const id = await created();
    const page = await open(`/webhooks/${id}/edit`);
    await page.getByRole('button', { name: 'Add condition' }).click();
    await page.getByLabel('Field of condition 1').fill('data.total');
    await page.getByLabel('Operator of condition 1').selectOption('is at least');
    await page.getByLabel('Value of condition 1').fill('many');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Enter a number.').waitFor();
    expect(await stored(id)).toBeNull();
    await page.getByRole('button', { name: 'Remove condition 1' }).click();
    await save(page);
  });

  it('that is more than rows can show is shown as JSON, and kept or removed', async () => {
    const filter = {
      any: [
        {
          all: [
            { field: 'data.total', gt: 1 },
            { field: 'data.total', lt: 5 },
          ],
        },
      ],
    };
    const id = await created(filter);
    let page = await open(`/webhooks/${id}/edit`);
    await page.getByText('This filter was made through the API').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Renamed');
    await save(page);
    expect(await stored(id)).toEqual(filter);
    page = await open(`/webhooks/${id}/edit`);
    await page.getByRole('button', { name: 'Remove filter' }).click();
    await save(page);
    expect(await stored(id)).toBeNull();
  });

  it('is what the page of an event says it did not come for', async () => {
    const id = await created({ all: [{ field: 'data.status', equals: 'paid' }] });
    const event = await rest.webhooks.emit('order.paid', { status: 'new' }, { tenant: account });
    const page = await open(`/events/${event.id}`);
    await page.getByText('Not sent: the filters of these webhooks don’t match.').waitFor();
    await page.getByText('data.status is paid').waitFor();
    await page.getByRole('link', { name: 'Shop' }).click();
    await page.waitForURL(new RegExp(`${id}/settings$`));
  });
});
