import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/**
 * Playwright adds `--headless` and `--no-sandbox`. These keep Chromium itself away from the network and the
 * GPU.
 */
const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PAGE: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  locale: 'en-US',
  timezoneId: 'UTC',
};

/** Shorter than a test's timeout, so that Playwright's message appears, which names the element. */
const ACTION_TIMEOUT_MS = 15_000;

const SCREENSHOTS = process.env.SCREENSHOTS ?? fileURLToPath(new URL('../.screenshots', import.meta.url));
const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** Starts Chromium, once per spec file. `npm test` finds the program and names it in the environment. */
export async function openBrowser(): Promise<TestBrowser> {
  const executablePath = process.env.TEST_CHROMIUM;
  if (!executablePath) throw new Error('TEST_CHROMIUM is not set. Run the tests with npm test.');
  return new TestBrowser(await chromium.launch({ executablePath, args: ARGS }));
}

export class TestBrowser {
  /**
   * Errors in any page: in the console, uncaught, or refused by the Content-Security-Policy. Chromium also
   * reports each response of 400 and up there, so a test that expects one empties the list.
   */
  readonly problems: string[] = [];

  constructor(private readonly browser: Browser) {}

  /** A page that shares nothing with others. Default: en-US, UTC, 1280 × 900, light. */
  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ ...PAGE, ...options });
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      const { url, lineNumber } = message.location();
      this.problems.push(`console: ${message.text().trim()} (${url}:${lineNumber + 1})`);
    });
    context.on('weberror', (failure) => {
      const error = failure.error();
      this.problems.push(`uncaught: ${error.stack ?? error.message}`);
    });
    return context.newPage();
  }

  /** Saves a screenshot as `test/.screenshots/<name>.png`, or in the folder SCREENSHOTS. Returns the path. */
  async screenshot(page: Page, name: string): Promise<string> {
    const path = join(SCREENSHOTS, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  /**
   * Returns the serious and critical violations of axe's rules, one line per element, in the document and its
   * open shadow roots (`host >>> element`). Ignores frames.
   */
  async axe(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResults>(
      `axe.run(document, { resultTypes: ['violations'], iframes: false })`,
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.flat().join(' >>> ')} – ${help}`),
      );
  }

  /** Closes every page. An open page would keep sending requests to a server that a test has stopped. */
  async closePages(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}
