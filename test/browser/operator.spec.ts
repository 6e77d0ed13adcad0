import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JobRounds } from '../../lib/operation/acts/jobs/job-rounds.js';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { IS_FULL_RUN } from '../support/daily.js';
import { pseudoTexts } from '../support/pseudo-language.js';
import { operatorApp, OPERATOR_PATH, type OperatorApp } from '../support/operator-app.js';

const HOSTILE = '"><img src=x onerror="document.title=1"><b>bold</b>';
const WIDTHS = [320, 360, 480, 560, 720, 900, 1080, 1280, 1920];
const MINUTE = 60_000;

describe('the operators’ page', () => {
  let browser: TestBrowser;
  let rest: OperatorApp;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), operatorApp()]);
  });
  afterEach(async () => {
    await browser.closePages();
    browser.problems.splice(0);
  });
  afterAll(async () => {
    await browser.stop();
    await rest.stop();
  });

  const open = async (
    place = '',
    { operator = 'ada', ...options }: BrowserContextOptions & { operator?: string } = {},
  ): Promise<Page> => {
    const page = await browser.page({ extraHTTPHeaders: { 'x-operator': operator }, ...options });
    // The app's clock is the reader's, too; it goes on from there.
    await page.clock.install({ time: rest.clock.now() });
    await page.goto(`${await rest.app.getUrl()}${OPERATOR_PATH}/page#${place}`);
    return page;
  };
  const attention = (page: Page, text: string): Locator => page.locator('.attention > li', { hasText: text });
  /** What sticks out of the window at some widths. */
  const tooWide = async (page: Page): Promise<number[]> => {
    const found: number[] = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      if (await page.evaluate('document.scrollingElement.scrollWidth > innerWidth')) found.push(width);
    }
    return found;
  };

  it('shows a receiver that has died, pauses it, and resumes it', async () => {
    const endpointId = await rest.endpoint('acme', { name: 'Orders' });
    rest.receiver.answer = { status: 503 };
    await rest.webhooks.emit('post.published', { id: 1 }, { tenant: 'acme' });
    await rest.after(0);
    const page = await open();

    await attention(page, 'Orders has failed every attempt').waitFor();
    await attention(page, 'Orders').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByText('Orders, of acme.').waitFor();
    await page.getByLabel('Reason (optional)').fill('They are on it.');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await attention(page, 'An endpoint is paused: They are on it.').waitFor();
    expect((await rest.service.pauses.list()).data).toMatchObject([{ endpointId, scope: 'endpoint' }]);

    await attention(page, 'They are on it.').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Resumed.').waitFor();
    await page.getByRole('table', { name: 'Pauses' }).waitFor({ state: 'detached' });
    expect((await rest.service.pauses.list()).data).toEqual([]);

    rest.receiver.answer = { status: 200 };
    await rest.after(5 * MINUTE);
    await page.clock.runFor(6_000);
    await attention(page, 'Orders').waitFor({ state: 'detached' });
    expect(browser.problems).toEqual([]);
  });

  it('recovers in bulk what failed, and disables an endpoint with a reason', async () => {
    const id = await rest.endpoint('initech', { name: 'Reports' });
    rest.receiver.answer = { status: 410 };
    await rest.webhooks.emit('post.published', { id: 7 }, { tenant: 'initech' });
    await rest.after(0);
    rest.receiver.answer = { status: 200 };
    await rest.service.endpoints.enable(id);
    const page = await open(`/jobs/new?kind=resend&tenant=initech`);

    await page.getByLabel('Status').selectOption('failed');
    await page.getByRole('button', { name: 'Preview…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Deliveries: 1.').waitFor();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByText('0 of 1').waitFor();
    await rest.app.get(JobRounds).runOnce();
    rest.clock.advance(1_000);
    await rest.app.get(JobRounds).runOnce();
    await page.clock.runFor(3_000);
    await page.getByText('1 of 1').waitFor();

    await page.evaluate((hash) => {
      location.hash = hash;
    }, `/endpoints/${id}`);
    await page.getByRole('button', { name: 'Disable' }).click();
    await dialog.getByText('Reports, of initech.').waitFor();
    await dialog.getByLabel('Reason').fill('It gave away our secret.');
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    expect(await rest.service.endpoints.get(id)).toMatchObject({ active: false, state: 'disabled' });
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('table', { name: 'Audit log' }).getByText('Endpoint disabled').first().waitFor();
    expect(browser.problems).toEqual([]);
  });

  it('finds what to erase by a number, or by a text in quotes, and says which it is', async () => {
    await rest.endpoint('hooli', { name: 'Erasures' });
    for (const id of [41, 42]) await rest.webhooks.emit('post.published', { id }, { tenant: 'hooli' });
    const page = await open('/jobs/new?kind=erase&tenant=hooli');
    const dialog = page.getByRole('dialog');
    const matching = async (value: string, said: string, count: number): Promise<void> => {
      await page.getByLabel('equals').fill(value);
      await page.getByText(said).waitFor();
      await page.getByRole('button', { name: 'Preview…' }).click();
      await dialog.getByText(`Events that are deleted: ${count}.`).waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    };
    await page.getByLabel('Only events whose field').fill('data.id');

    await matching('42', 'Compared as a number.', 1);
    await matching('"42"', 'Compared as a text.', 0);
    await matching('true', 'Compared as true or false.', 0);
    expect(browser.problems).toEqual([]);
  });

  it('can be used by the keyboard alone, through an incident', async () => {
    const tenant = 'soylent';
    await rest.endpoint(tenant, { name: 'Alarms' });
    for (const id of [6, 7, 8]) await rest.webhooks.emit('post.published', { id }, { tenant });
    await rest.after(0);
    rest.receiver.answer = { status: 503 };
    await rest.webhooks.emit('post.published', { id: 9 }, { tenant });
    await rest.after(0);
    const page = await open('/now', { reducedMotion: 'reduce' });
    /** By Tab, without the mouse, and where the focus is can be seen. */
    const tabTo = async (target: Locator): Promise<Locator> => {
      await target.waitFor();
      for (let presses = 0; presses < 80; presses++) {
        await page.keyboard.press('Tab');
        if (!(await target.evaluate((it) => it.matches(':focus-visible')))) continue;
        const { outlineStyle, boxShadow } = await target.evaluate((it) => getComputedStyle(it));
        expect([await target.textContent(), outlineStyle === 'none' && boxShadow === 'none']).toEqual([
          await target.textContent(),
          false,
        ]);
        return target;
      }
      throw new Error(`Tab does not get to ${target.toString()}.`);
    };
    const press = async (target: Locator): Promise<void> => {
      await tabTo(target);
      await page.keyboard.press('Enter');
    };
    const dialog = page.getByRole('dialog');
    const nav = (name: string): Locator =>
      page.getByRole('navigation', { name: 'Operations' }).getByRole('link', { name });

    // Pause, look, resume.
    await press(attention(page, 'Alarms').getByRole('button', { name: 'Pause' }));
    await tabTo(dialog.getByLabel('Reason (optional)'));
    await page.keyboard.type('They replace a disk.');
    await press(dialog.getByRole('button', { name: 'Pause' }));
    await dialog.waitFor({ state: 'detached' });
    const paused = attention(page, 'They replace a disk.');
    await press(paused.getByRole('link', { name: 'Open endpoint' }));
    await page.getByRole('heading', { name: 'Alarms' }).waitFor();
    await press(page.getByRole('link', { name: 'post.published' }).first());
    await page.getByText('its tenant or its endpoint is paused').waitFor();
    await press(page.getByRole('link', { name: tenant }));
    await page.getByRole('heading', { name: tenant }).waitFor();

    // Its settings are changed, and set back to the defaults.
    await page.getByText('30 days by default').waitFor();
    await press(page.getByRole('link', { name: 'Change', exact: true }));
    await tabTo(page.getByLabel('Retention', { exact: true }));
    await page.keyboard.press('ArrowDown');
    await tabTo(page.getByLabel('Days'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('90');
    await tabTo(page.getByLabel('Endpoints', { exact: true }));
    await page.keyboard.type('none');
    await press(page.getByRole('button', { name: 'Save' }));
    await page.getByText('Endpoints: enter a whole number').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('500');
    await press(page.getByRole('button', { name: 'Save' }));
    await dialog.getByText('soylent, Retention: 90 days, Endpoints: 500').waitFor();
    await press(dialog.getByRole('button', { name: 'Save' }));
    await page.getByText('90 days set for this tenant').waitFor();
    expect((await rest.service.settings.get(tenant)).set).toMatchObject({ endpoints: 500 });
    await press(page.getByRole('link', { name: 'Change', exact: true }));
    await press(page.getByRole('button', { name: 'Use the defaults' }));
    await press(dialog.getByRole('button', { name: 'Use the defaults' }));
    await page.getByText('30 days by default').waitFor();

    await press(nav('Now'));
    await press(paused.getByRole('button', { name: 'Resume' }));
    await press(dialog.getByRole('button', { name: 'Resume' }));
    await paused.waitFor({ state: 'detached' });

    // A bulk resend, with its preview, is stopped.
    await press(nav('Jobs'));
    await press(page.getByRole('link', { name: 'New job' }));
    await tabTo(page.getByLabel('What to do'));
    await page.keyboard.press('ArrowDown');
    await tabTo(page.getByRole('textbox', { name: 'Tenant', exact: true }));
    await page.keyboard.type(tenant);
    await tabTo(page.getByLabel('Status'));
    await page.keyboard.type('Succ');
    await tabTo(page.getByLabel('Deliveries a second'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1');
    await press(page.getByRole('button', { name: 'Preview…' }));
    await dialog.getByText('Deliveries: 3.').waitFor();
    await press(dialog.getByRole('button', { name: 'Start' }));
    await press(page.getByRole('button', { name: 'Stop job' }));
    await press(dialog.getByRole('button', { name: 'Stop job' }));
    await page.getByText('Stopped', { exact: true }).waitFor();

    // One delivery is sent again, and the record has all of it.
    rest.receiver.answer = { status: 200 };
    await press(nav('Deliveries'));
    await tabTo(page.getByRole('searchbox', { name: 'Tenant, in full' }));
    await page.keyboard.type(tenant);
    await page.clock.runFor(400);
    await page.getByRole('link', { name: 'acme', exact: true }).waitFor({ state: 'detached' });
    await press(page.getByRole('link', { name: 'post.published' }).first());
    await press(page.getByRole('button', { name: 'Resend' }));
    await dialog.getByText(`post.published, of ${tenant}.`).waitFor();
    await press(dialog.getByRole('button', { name: 'Resend' }));
    await page.getByText('The delivery is sent again.').waitFor();
    await rest.settled();
    await page.clock.runFor(6_000);
    await page.getByText('Succeeded').first().waitFor();
    await press(nav('Audit log'));
    await tabTo(page.getByRole('searchbox', { name: 'Tenant, in full' }));
    await page.keyboard.type(tenant);
    await page.clock.runFor(400);
    const acts = page.getByRole('table', { name: 'Audit log' }).locator('tbody td.name');
    await expect
      .poll(() => acts.allTextContents())
      .toEqual([
        'Delivery resent',
        'Job stopped',
        'Job started',
        'Resumed',
        'Settings of tenant changed',
        'Settings of tenant changed',
        'Paused',
        'Endpoint created',
      ]);
    await tabTo(page.getByLabel('Act', { exact: true }));
    await page.keyboard.type('Job sta');
    await expect.poll(() => acts.allTextContents()).toEqual(['Job started']);
    const [act] = (await rest.service.audit.list({ tenant, act: 'job.started' }, { limit: 1 })).data;
    const until = Date.parse(act!.createdAt);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `/audit?tenant=${tenant}&until=${until}`);
    await expect.poll(async () => (await acts.allTextContents())[0]).not.toBe('Delivery resent');
    expect(browser.problems).toEqual([]);
  });

  it('reads from right to left in any language, in forced colours, and at 200 %', async () => {
    const tenant = 'wayne';
    await rest.endpoint(tenant, { name: 'שלום!' });
    rest.receiver.answer = { status: 500 };
    await rest.webhooks.emit('post.published', { id: 5 }, { tenant });
    await rest.after(0);
    rest.receiver.answer = { status: 200 };
    const { data } = await rest.service.deliveries.list({ tenant }, { limit: 1 });
    const page = await open('/now', {
      forcedColors: 'active',
      viewport: { width: 640, height: 450 },
      deviceScaleFactor: 2,
      reducedMotion: 'reduce',
    });
    // As another script would ship a language.
    await page.evaluate((texts) => {
      const shipped = Symbol.for('nestjs-webhooks/dashboard/texts');
      (globalThis as unknown as Record<symbol, object>)[shipped] = { en: texts };
      document.documentElement.dir = 'rtl';
      dispatchEvent(new Event('webhooks-dashboard-texts'));
    }, pseudoTexts());
    const views = {
      now: '/now',
      tenants: '/tenants',
      tenant: `/tenant?tenant=${tenant}`,
      settings: `/settings?tenant=${tenant}`,
      endpoints: '/endpoints',
      delivery: `/deliveries/${data[0]!.id}`,
      'job-form': '/jobs/new?kind=erase',
      audit: '/audit',
      nothing: '/endpoints/ep_00000000000000000000000000000000',
    };
    for (const [name, place] of Object.entries(views)) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, place);
      await page.locator('h2').waitFor();
      await page.locator('.loading').waitFor({ state: 'detached' });
      await page.setViewportSize({ width: 640, height: 450 });
      expect([name, await plainWords(page)]).toEqual([name, []]);
      await browser.screenshot(page, `operator-${name}-rtl-640`);
      expect(await tooWide(page), name).toEqual([]);
      await page.setViewportSize({ width: 360, height: 800 });
      await browser.screenshot(page, `operator-${name}-rtl-360`);
    }
    // The last one is not there, which the browser says, too.
    expect(browser.problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  });

  it('is for operators alone', async () => {
    const url = `${OPERATOR_PATH}/page`;
    expect((await rest.call('GET', url)).status).toBe(401);
    expect((await rest.call('GET', url, { headers: { 'x-operator': 'eve' } })).status).toBe(403);
    expect((await rest.call('GET', `${url}/operator.js`)).status).toBe(200);
    expect((await rest.call('GET', `${url}/element.js`)).status).toBe(404);
  });

  it('finds a delivery by its id and says what it waits for, and an endpoint by a part of its URL', async () => {
    await rest.endpoint('globex', { name: 'Stock', url: `${rest.receiver.url}/stock/hook` });
    rest.receiver.answer = { status: 500 };
    await rest.webhooks.emit('post.published', { id: 2 }, { tenant: 'globex' });
    await rest.after(0);
    const { data } = await rest.service.deliveries.list({ tenant: 'globex' }, { limit: 1 });
    const page = await open();

    const search = page.getByRole('searchbox', { name: 'Id, URL, endpoint or tenant' });
    await search.fill(data[0]!.id);
    await search.press('Enter');
    await page.getByRole('link', { name: 'post.published, pending' }).click();
    await page.getByText('Waits for its retry, attempt 2').waitFor();

    await search.fill('stock/hook');
    await search.press('Enter');
    await page.getByRole('link', { name: /^Stock, / }).click();
    await page.getByRole('heading', { name: 'Stock' }).waitFor();
    await page.getByRole('link', { name: 'globex' }).click();
    await page.getByRole('heading', { name: 'globex' }).waitFor();
    rest.receiver.answer = { status: 200 };
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds, fits every width, and leaves hostile text inert: %s',
    async (colorScheme) => {
      const tenant = `t <b>${'name'.repeat(30)}</b> ${colorScheme}`;
      const id = await rest.endpoint(tenant, { name: HOSTILE });
      const reason = `${HOSTILE} ${'x'.repeat(120)}`;
      await rest.webhooks.emit('post.published', { id: 3, text: HOSTILE }, { tenant });
      await rest.after(0);
      await rest.service.pauses.pause({ scope: 'endpoint', endpointId: id, reason });
      await rest.webhooks.emit('post.published', { id: 4 }, { tenant });
      const { data } = await rest.service.deliveries.list({ tenant }, { limit: 2 });
      const page = await open('', { colorScheme, locale: 'de-DE', reducedMotion: 'reduce' });
      const views: Readonly<Record<string, [place: string, ready: Locator]>> = {
        now: ['/now', attention(page, HOSTILE)],
        tenants: ['/tenants', page.getByRole('table', { name: 'Mandanten' })],
        tenant: [
          `/tenant?tenant=${encodeURIComponent(tenant)}`,
          page.getByRole('table', { name: 'Endpunkte' }),
        ],
        settings: [
          `/settings?tenant=${encodeURIComponent(tenant)}`,
          page.getByLabel('Aufbewahrung', { exact: true }),
        ],
        endpoints: ['/endpoints', page.getByRole('table', { name: 'Endpunkte' })],
        endpoint: [`/endpoints/${id}`, page.getByRole('table', { name: 'Zustellungen' })],
        deliveries: ['/deliveries', page.getByRole('table', { name: 'Zustellungen' })],
        delivery: [`/deliveries/${data[0]!.id}`, page.locator('.outcome')],
        event: [`/events/${data[1]!.eventId}`, page.getByRole('table', { name: 'Zustellungen' })],
        jobs: ['/jobs', page.getByRole('heading', { name: 'Aufträge' })],
        'job-form': ['/jobs/new?kind=erase', page.getByLabel('Was zu tun ist')],
        audit: ['/audit', page.getByRole('table', { name: 'Protokoll' })],
        search: [`/search?q=${encodeURIComponent(HOSTILE)}`, page.getByRole('table', { name: 'Suche' })],
      };

      for (const [name, [place, ready]] of Object.entries(views)) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, place);
        await ready.first().waitFor();
        // What the routes say is translated, too.
        expect(await page.locator('[lang=en]').allTextContents(), name).toEqual([]);
        const widths = IS_FULL_RUN ? [360, 1280] : colorScheme === 'light' ? [1280] : [360];
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          await browser.screenshot(page, `operator-${name}-${colorScheme}-${width}`);
          expect(await browser.axe(page), `${name} at ${width} px`).toEqual([]);
        }
        expect(await tooWide(page), name).toEqual([]);
      }
      expect(await page.title()).toBe('Webhooks');
      expect(browser.problems).toEqual([]);
    },
  );
});

/** What the page writes that no catalogue of texts has: English, where everything of a catalogue has accents. */
const plainWords = (page: Page): Promise<string[]> =>
  page.locator('webhooks-operator').evaluate((element) => {
    const foreign =
      'code, pre, bdi, time, .ltr, svg, style, input, textarea, .headers, .headers-table, table th[scope=row], table th[scope=row] + td';
    const data =
      /soylent|wayne|acme|globex|initech|post\.published|https?:\S+|\w+_\w{20,}|JSON|URL|POST|vm \d+/g;
    const walker = document.createTreeWalker(element.shadowRoot!, NodeFilter.SHOW_TEXT);
    const found = new Set<string>();
    while (walker.nextNode()) {
      const { data: text, parentElement } = walker.currentNode as Text;
      if (!parentElement?.closest(foreign) && /[A-Za-z]{3,}/.test(text.replaceAll(data, '')))
        found.add(`${parentElement?.localName}: ${text.trim()}`);
    }
    return [...found];
  });
