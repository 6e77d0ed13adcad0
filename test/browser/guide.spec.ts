import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { daily } from '../support/daily.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

describe('The customers’ guide, as a page', () => {
  let browser: TestBrowser;
  let rest: RestApp;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({ webhooks: { guide: { product: 'Acme', public: true } } }),
    ]);
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const url = async (): Promise<string> => `${await rest.app.getUrl()}/api/webhooks/guide`;
  const widthsOf = (page: Page): Promise<[number, number]> =>
    page.evaluate('[document.scrollingElement.scrollWidth, innerWidth]');

  it.each(
    daily(
      [
        ['light', 1280],
        ['dark', 320],
      ],
      ['dark', 1280],
      ['light', 320],
    ),
  )('can be read in %s at %d px, without a script', async (colorScheme, width) => {
    const page = await browser.page({ colorScheme, viewport: { width, height: 800 } });
    await page.goto(await url());
    await browser.screenshot(page, `guide ${colorScheme} ${width}`);

    expect(await browser.axe(page)).toEqual([]);
    const [content, viewport] = await widthsOf(page);
    expect(content).toBeLessThanOrEqual(viewport);
    await page.close();

    const plain = await browser.page({ colorScheme, javaScriptEnabled: false });
    await plain.goto(await url());
    expect(await plain.getByRole('heading', { level: 1 }).allTextContents()).toEqual([
      'Acme - Webhook Integration Guide',
    ]);
    expect(await plain.getByRole('navigation').getByRole('link').count()).toBeGreaterThan(7);
    await plain.getByRole('navigation').getByRole('link', { name: 'Best Practices' }).click();
    expect(plain.url()).toMatch(/#best-practices$/);
  });
});

const HOSTILE = '<img src=x onerror=window.hacked=1>"><script>window.hacked=1</script>\u202E';
const OWN_PART = [
  `[a](javascript:window.hacked=1) <${HOSTILE}> [b](HTTPS://example.com/'onclick='x) [c](../terms?a=1) [d](#retry-logic)`,
  `![picture](data:image/gif;base64,R0lGODlhAQABAAAAACw=) [e](slack://open) <javascript:window.hacked=1>`,
  `| ${HOSTILE.replaceAll('|', '')} |\n|---|\n| \`${HOSTILE}\` |`,
  `\`\`\`${HOSTILE.replaceAll('`', '')}\n${HOSTILE}\n\`\`\``,
  `- ${HOSTILE}\n  1. *nested* **${HOSTILE}**\n\n> ### ${HOSTILE}`,
].join('\n\n');

describe('The customers’ guide, in the dashboard', () => {
  let browser: TestBrowser;
  let rest: RestApp;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([
      openBrowser(),
      restApp({
        webhooks: {
          guide: {
            product: 'Acme',
            parts: (defaults) => [
              ...defaults.filter(({ name }) => name !== 'verify-csharp'),
              { name: 'support', title: 'Support & `help`', level: 2, markdown: OWN_PART },
              { name: 'hostile', title: HOSTILE, level: 3, markdown: HOSTILE },
            ],
          },
        },
      }),
    ]);
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const guideOf = (page: Page): Locator => page.getByRole('article');
  const sections = (page: Page): Locator => page.getByRole('navigation', { name: 'Sections of the guide' });
  const topOf = (page: Page, name: string): Promise<number> =>
    guideOf(page)
      .getByRole('heading', { name })
      .evaluate((heading) => heading.getBoundingClientRect().top);

  it('has the headings and the texts of the page, in order', async () => {
    const page = await openDashboard(browser, rest, { place: '/guide' });
    await page.getByRole('heading', { name: 'Acme - Webhook Integration Guide' }).waitFor();
    const shown = await guideOf(page).getByRole('heading').allInnerTexts();
    const text = await guideOf(page).innerText();

    const plain = await browser.page({ extraHTTPHeaders: { 'x-account': 'acme' } });
    await plain.goto(`${await rest.app.getUrl()}/api/webhooks/guide`);
    const headings = await plain.locator('main :is(h2, h3, h4)').allInnerTexts();
    // Of the languages, one is shown; a heading in a quotation is none of the guide's.
    const others = ['Python', 'Ruby', 'PHP', 'Go', 'Java'];
    const quoted = headings.findLastIndex((heading) => heading.startsWith('<img'), -2) - 1;
    expect(shown).toEqual(headings.filter((heading, at) => !others.includes(heading) && at !== quoted));
    const paragraphs = await plain.locator('main > p').evaluateAll((all) =>
      all.map((one) => {
        let before = one.previousElementSibling;
        while (before && !/^H[2-4]$/.test(before.tagName)) before = before.previousElementSibling;
        return [before?.textContent ?? '', one.textContent ?? ''] as const;
      }),
    );
    const flat = (value: string): string => value.replaceAll(/\s+/g, ' ').trim();
    for (const [heading, paragraph] of paragraphs)
      if (!others.includes(heading)) expect(flat(text)).toContain(flat(paragraph));
    expect(text).not.toContain('C#');
    expect(await browser.axe(page)).toEqual([]);
  });

  it('has its sections in the address: by the table of contents, by Back, and for who opens it', async () => {
    const page = await openDashboard(browser, rest, { place: '/guide/rotating-a-secret' });
    await expect.poll(() => topOf(page, 'Rotating a Secret')).toBeLessThan(40);
    const link = sections(page).getByRole('link', { name: 'Retry Logic' });
    await link.click();
    expect(new URL(page.url()).hash).toBe('#/guide/retry-logic');
    await expect.poll(() => topOf(page, 'Retry Logic')).toBeLessThan(40);
    expect(await link.getAttribute('aria-current')).toBe('page');

    // It is brought into view again in its first frames.
    await page.evaluate(async () => {
      for (let frame = 0; frame < 10; frame++)
        await new Promise<unknown>((resolve) => requestAnimationFrame(resolve));
    });
    await page.mouse.move(800, 400);
    await page.mouse.wheel(0, -3_000);
    await expect.poll(() => topOf(page, 'Retry Logic')).toBeGreaterThan(400);
    await link.click();
    await expect.poll(() => topOf(page, 'Retry Logic')).toBeLessThan(40);
    await page.goBack();
    await expect.poll(() => topOf(page, 'Rotating a Secret')).toBeLessThan(40);
    await sections(page).getByRole('link', { name: 'Event-Specific Data' }).click();
    await sections(page).getByRole('link', { name: 'Follower Gained' }).click();
    await expect.poll(() => topOf(page, 'Follower Gained')).toBeLessThan(40);
  });

  it('shows the language that was asked for, then the one that was chosen, here and beside a secret', async () => {
    const id = await rest.endpoint('acme', { name: 'Mine' });
    const page = await openDashboard(browser, rest, {
      place: '/guide/ruby',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('tab', { name: 'Ruby', selected: true }).waitFor();
    await page.getByRole('tab', { name: 'Ruby' }).press('ArrowRight');
    expect(
      await page
        .getByRole('tab')
        .first()
        .evaluate((tab) => getComputedStyle(tab).borderStyle),
    ).toBe('none');
    const panel = page.getByRole('tabpanel', { name: 'PHP' });
    await panel.getByRole('button', { name: 'Copy' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^<\?php/);

    await page.evaluate((hash) => (location.hash = hash), `/webhooks/${id}/settings`);
    await page.getByRole('tab', { name: 'PHP', selected: true }).waitFor();
    await page.evaluate(() => (location.hash = '/guide'));
    await page.getByRole('tab', { name: 'PHP', selected: true }).waitFor();
  });

  it('shows whatever the app’s own parts hold as text, and links that run nothing', async () => {
    const page = await openDashboard(browser, rest, { place: '/guide/support--help' });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await guideOf(page).getByRole('heading', { name: 'Support & help' }).waitFor();
    const at = `${await rest.app.getUrl()}/api`;

    const links = await guideOf(page)
      .locator('p, li')
      .filter({ hasText: 'javascript' })
      .locator('a')
      .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href.replace(/.*#/, '#')));
    expect(links).toEqual(["https://example.com/'onclick='x", `${at}/terms?a=1`, '#/guide/retry-logic']);
    expect(await guideOf(page).locator('img, script, [onerror], [onclick]').count()).toBe(0);
    expect(await guideOf(page).locator('pre').last().innerText()).toBe(HOSTILE);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(asked.filter((url) => !url.startsWith(at))).toEqual([]);
    expect(await browser.axe(page)).toEqual([]);
  });

  it('opens as a page of its own', async () => {
    const page = await openDashboard(browser, rest, { place: '/event-types' });
    await page.getByRole('link', { name: 'How requests arrive' }).click();
    const open = page.getByRole('link', { name: 'Open as a page' });
    const [guide] = await Promise.all([page.context().waitForEvent('page'), open.click()]);

    await guide.getByRole('heading', { level: 1, name: 'Acme - Webhook Integration Guide' }).waitFor();
  });

  it('is the format of a request where the app has none', async () => {
    const other = await restApp({ webhooks: { guide: false, retry: { schedule: ['5m', '1h'] } } });
    try {
      const page = await openDashboard(browser, other, { place: '/guide/anything' });
      await page.getByRole('table', { name: 'Headers of a request' }).waitFor();
      expect(await guideOf(page).innerText()).toMatch(/5\smin and 1\sh after the first attempt/);
    } finally {
      await browser.closePages();
      await other.stop();
    }
  });
});
