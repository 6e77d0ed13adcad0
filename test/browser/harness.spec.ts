import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { Receiver } from '../support/receiver.js';

const GOOD = '<label>Name <input></label>';
const UNLABELLED = '<input>';

/** A document whose only content is in an open shadow root, where the policy allows this one script. */
const inShadowRoot = (html: string, script = ''): string => `<!doctype html>
  <html lang="en"><title>Page</title><main><x-card></x-card></main>
  <script nonce="1">
    document.querySelector('x-card').attachShadow({ mode: 'open' }).innerHTML = '${html}';
    ${script}
  </script></html>`;

describe('the browser of the tests', () => {
  let browser: TestBrowser;
  let site: Receiver;

  beforeAll(async () => {
    [browser, site] = await Promise.all([openBrowser(), Receiver.start()]);
  });
  afterEach(() => void browser.problems.splice(0));
  afterAll(async () => {
    await browser.stop();
    await site.stop();
  });

  const open = async (
    body: string,
    options?: Parameters<TestBrowser['page']>[0],
  ): ReturnType<TestBrowser['page']> => {
    const headers = {
      'content-type': 'text/html',
      'content-security-policy': "default-src 'none'; script-src 'nonce-1'",
    };
    site.answer = { status: 200, headers, body };
    const page = await browser.page(options);
    await page.goto(site.url);
    return page;
  };

  it('finds nothing wrong with a good page under a strict content security policy', async () => {
    const page = await open(inShadowRoot(GOOD));

    expect(await browser.axe(page)).toEqual([]);
    expect(browser.problems).toEqual([]);
  });

  it('tells of an unlabelled field inside an open shadow root', async () => {
    const page = await open(inShadowRoot(UNLABELLED));

    expect(await browser.axe(page)).toEqual(['label: x-card >>> input – Form elements must have labels']);
  });

  it('collects errors of the console, uncaught errors and what the policy refuses', async () => {
    await open(
      inShadowRoot(
        `${GOOD}<b style="color:red">Red</b>`,
        `console.error('told'); throw new Error('thrown');`,
      ),
    );

    expect(browser.problems).toEqual([
      expect.stringMatching(/^console: .*inline style.*Content Security Policy/s),
      expect.stringMatching(/^console: told \(http:.*:\d+\)$/),
      expect.stringMatching(/^uncaught: Error: thrown/),
    ]);
  });

  it('opens each page in a zone, a scheme and a size of its own', async () => {
    const shown = `[Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.language,
      matchMedia('(prefers-color-scheme: dark)').matches, innerWidth, innerHeight]`;
    const usual = await open(inShadowRoot(GOOD));
    const other = await open(inShadowRoot(GOOD), {
      timezoneId: 'Asia/Kolkata',
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
    });

    expect(await usual.evaluate(shown)).toEqual(['UTC', 'en-US', false, 1280, 900]);
    expect(await other.evaluate(shown)).toEqual(['Asia/Calcutta', 'en-US', true, 390, 844]);
  });

  it('writes a screenshot', async () => {
    const path = await browser.screenshot(await open(inShadowRoot(GOOD)), 'harness');

    expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
  });
});
