import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { restApp, type RestApp } from '../support/rest-app.js';

describe('what tells the controls of the dashboard', () => {
  let browser: TestBrowser;
  let rest: RestApp;
  let endpointId: string;

  beforeAll(async () => {
    [browser, rest] = await Promise.all([openBrowser(), restApp()]);
    await rest.endpoint('acme', { name: 'Off', active: false });
    endpointId = await rest.endpoint('acme', { name: 'On' });
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.stop();
    await rest?.stop();
  });

  const styleOf = (element: Locator, name: string): Promise<string> =>
    element.evaluate((it, property) => getComputedStyle(it).getPropertyValue(property), name);
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = color.match(/\d+/g)!.map((part) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (first: string, second: string): number => {
    const [lighter = 0, darker = 0] = [luminance(first), luminance(second)].sort((a, b) => b - a);
    return (lighter + 0.05) / (darker + 0.05);
  };

  it.each(['light', 'dark'] as const)('stands out by 3:1 where it is %s', async (colorScheme) => {
    const page = await openDashboard(browser, rest, { colorScheme });
    const off = page.getByRole('switch', { name: 'Off is active' });
    await off.waitFor();
    const card = await styleOf(page.locator('.card'), 'background-color');
    const search = page.getByRole('searchbox');
    const around = await styleOf(page.locator('body'), 'background-color');

    expect(contrast(await styleOf(off, 'background-color'), card)).toBeGreaterThanOrEqual(3);
    for (const ground of [await styleOf(search, 'background-color'), around]) {
      expect(contrast(await styleOf(search, 'border-top-color'), ground)).toBeGreaterThanOrEqual(3);
    }
  });

  describe('in forced colours', () => {
    const open = (place?: string): Promise<Page> =>
      openDashboard(browser, rest, { forcedColors: 'active', ...(place ? { place } : {}) });
    const picture = async (page: Page, element: Locator, moved = 0): Promise<string> => {
      const { x, y, width, height } = (await element.boundingBox())!;
      const clip = { x: x + moved, y, width, height };
      return (await page.screenshot({ clip, animations: 'disabled' })).toString('base64');
    };

    it('tells switches that are on and off from each other, and from nothing', async () => {
      const page = await open();
      const on = page.getByRole('switch', { name: 'On is active' });
      await on.waitFor();
      await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
      const off = page.getByRole('switch', { name: 'Off is active' });

      const pictures = [
        await picture(page, on),
        await picture(page, off),
        // Beside it there is nothing.
        await picture(page, off, -40),
      ];
      expect(new Set(pictures).size).toBe(3);
    });

    it('tells the current tab and period from the others', async () => {
      const page = await open(`/webhooks/${endpointId}/overview`);
      const others: readonly [Locator, Locator][] = [
        [
          page.getByRole('link', { name: 'Webhooks', exact: true }),
          page.getByRole('link', { name: 'Events', exact: true }),
        ],
        [page.getByRole('link', { name: 'Overview' }), page.getByRole('link', { name: 'Settings' })],
        [
          page.getByRole('button', { name: 'Last 24 hours' }),
          page.getByRole('button', { name: 'Last 7 days' }),
        ],
      ];
      await others[2]![0].waitFor();

      for (const [current, other] of others) {
        const ground = await styleOf(current, 'background-color');
        expect(ground).not.toBe(await styleOf(other, 'background-color'));
        expect(contrast(await styleOf(current, 'color'), ground)).toBeGreaterThanOrEqual(4.5);
      }
    });
  });
});
