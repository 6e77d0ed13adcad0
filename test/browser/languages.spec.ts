import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { de } from '../../lib/dashboard/element/texts/de.js';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

const GERMAN = { locale: 'de-DE', timezoneId: 'Asia/Tokyo' };

describe('the dashboard in the language of its reader', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let endpointId: string;

  beforeAll(async () => {
    const [published = ''] = Object.keys(EVENTS!);
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({
        webhooks: {
          retry: { schedule: ['5m', '15m'] },
          events: {
            ...EVENTS,
            [published]: {
              group: 'Content',
              groups: { de: 'Inhalte' },
              description: 'It went live.',
              descriptions: { de: 'Es ging live.' },
              schema: { type: 'object', properties: { title: { type: ['string', 'null'], maxLength: 64 } } },
              example: { title: 'Hello' },
            },
          },
        },
      }),
    ]);
    endpointId = await rest.endpoint('acme', { name: 'Broken' });
    rest.receiver.answer = 503;
    await rest.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await rest.settled();
    rest.clock.advance('10m');
  });
  afterEach(() => {
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const row = (page: Page): Locator => page.getByRole('row').filter({ hasText: 'Broken' });
  const go = (page: Page, place: string): Promise<unknown> =>
    page.evaluate((hash) => (location.hash = hash), place);

  it('is in German as a whole for a German browser, in its own zone', async () => {
    const page = await openDashboard(browser, rest, GERMAN);
    await page.getByRole('heading', { name: 'Ihre Webhooks' }).waitFor();

    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    expect(await row(page).innerText()).toMatch(/Fehlerhaft\s+seit 10 Minuten/);
    await row(page).getByText('Letzter Fehler: 503 Service Unavailable').waitFor();
    await row(page).getByRole('link', { name: 'Fehler von Broken ansehen' }).waitFor();
    await browser.screenshot(page, 'german list');
    await page.getByRole('combobox', { name: 'Zustand' }).selectOption('Pausiert');
    await page.getByText('In diesem Zustand ist gerade keiner.').waitFor();
    await go(page, `/webhooks/${endpointId}/deliveries`);
    const delivery = page.locator('.log tbody tr');
    await delivery.getByText('vor 10 Min.', { exact: true }).waitFor();
    expect(await delivery.innerText()).toMatch(/Wird wiederholt/);
    await delivery.getByRole('link').click();
    await page.getByText('Ihr Server hat einen Fehler gemeldet.').waitFor();
    expect(await page.locator('.attempt-time').innerText()).toMatch(/^\d+\. \S+, \d\d:\d\d:\d\d GMT\+9$/);
    await browser.screenshot(page, 'german delivery');
  });

  it('reads what the app says of its event types in that language', async () => {
    const page = await openDashboard(browser, rest, { ...GERMAN, place: '/event-types' });

    await page.getByText('Es ging live.').first().waitFor();
    await page.getByRole('heading', { name: 'Inhalte' }).waitFor();
    expect(await page.getByText('It went live.').count()).toBe(0);
    // What the schema asks for.
    await page.getByText('string oder null').waitFor();
    await page.getByText('Höchstens 64 Zeichen').waitFor();
  });

  it('changes with its attribute and with texts that come later, and keeps what was typed', async () => {
    const page = await openDashboard(browser, rest, { locale: 'en-US', place: '/webhooks/new' });
    await page.getByLabel('Name', { exact: true }).fill('Half written');
    await page.evaluate(() => {
      const dashboard = document.querySelector('webhooks-dashboard')!;
      Object.assign(dashboard, {
        messages: { fr: { 'form.add': 'Ajouter', 'problem.url': 'Saisissez une URL.' } },
      });
      dashboard.setAttribute('locale', 'fr-CA');
    });

    await page.getByRole('heading', { name: 'Ajouter' }).waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Half written');
    await page.getByRole('button', { name: 'Ajouter' }).click();
    await page.getByText('Saisissez une URL.').waitFor();
    // What French has no text for is English.
    await page.getByText('Choose at least one event.').waitFor();

    // What is wrong is told anew in the other language.
    await page.evaluate((german) => {
      const dashboard = document.querySelector('webhooks-dashboard')!;
      Object.assign(dashboard, { messages: { de: german } });
      dashboard.setAttribute('locale', 'de');
    }, de);
    await page.getByText('Wählen Sie mindestens ein Ereignis.').waitFor();
    await page.getByRole('button', { name: 'Bedingung hinzufügen' }).click();
    await page.getByLabel('Feld von Bedingung 1').fill('data.title');
    await page.getByRole('button', { name: 'Webhook hinzufügen' }).click();
    await page.getByText('Vervollständigen Sie jede Bedingung oder entfernen Sie sie.').waitFor();
    await page.getByText('Geben Sie einen Wert ein.').waitFor();
  });

  it('says what a route finds wrong with a field in that language, in the words of the route if the texts don’t come', async () => {
    const [german, withoutTexts] = await Promise.all([
      openDashboard(browser, rest, { ...GERMAN, place: '/webhooks/new' }),
      openDashboard(browser, rest, { ...GERMAN, place: '/webhooks/new' }),
    ]);
    await withoutTexts.route(/\/later[\w-]*\.js$/, (route) => route.abort());
    for (const page of [german, withoutTexts]) {
      await page.getByLabel('Name', { exact: true }).fill('CRM');
      // What the form itself does not check.
      await page.getByLabel('URL').fill('https://example.com:25/hook');
      await page.getByRole('group', { name: 'Inhalte' }).getByRole('checkbox').first().check();
      await page.getByRole('button', { name: 'Webhook hinzufügen' }).click();
    }

    const port = 'Die URL darf Port 25 nicht verwenden: Er gehört zu einem anderen Protokoll.';
    await german.getByText(port).waitFor();
    await withoutTexts.getByText('The URL must not use port 25').waitFor();
    await browser.screenshot(german, 'german problem of a field');
    await Promise.all([german.close(), withoutTexts.close()]);
    expect(browser.problems.splice(0).every((text) => /Failed to load resource/.test(text))).toBe(true);
  });

  it('is in English where there are no texts in the language that is asked for', async () => {
    const page = await openDashboard(browser, rest, { locale: 'pt-BR' });
    await row(page).getByText('Failing').waitFor();

    expect(await row(page).innerText()).toMatch(/Failing\s+for 10 minutes/);
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByText('10 min. ago', { exact: true }).waitFor();
  });
});
