import type { Page } from 'playwright-core';
import { pseudoTexts } from '../support/pseudo-language.js';

/** What is no text of the dashboard: what customers, apps and servers have written, code, and what `Intl` writes. */
const FOREIGN = [
  'code',
  'pre',
  'bdi',
  'time',
  'svg',
  'textarea',
  '.chip',
  '.ltr',
  '.mono',
  '#test-type-hint',
  '.name',
  '.url',
  '.pre-line',
  '.headers',
  '.picker-group',
  '.catalogue',
  '.snippet-tabs',
  '.chart-table tbody',
  'strong.break',
];

/** The dashboard in the page's first frame, as it is: from right to left, with accented and longer words. */
export const inPseudoLanguage = (page: Page): Promise<void> =>
  page.evaluate((texts) => {
    const inner = document.querySelector('iframe')!.contentDocument!;
    const dashboard = inner.querySelector('webhooks-dashboard') as HTMLElement & { messages: unknown };
    inner.documentElement.dir = 'rtl';
    dashboard.messages = { en: texts };
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
  }, pseudoTexts());

/** Words of the dashboard that do not come from the catalogue, each with where it stands. */
export const plainEnglish = (page: Page): Promise<string[]> =>
  page.evaluate((foreign) => {
    const inner = document.querySelector('iframe')!.contentDocument!;
    const root = inner.querySelector('webhooks-dashboard')!.shadowRoot!;
    const word = /[A-Za-z]{3,}/;
    /** Formats, and what HTTP calls itself. */
    const known = /CSV|JSON|POST|[1-5]\d\d [A-Z][A-Za-z ]+|GMT[+-]?\d*|UTC|AM|PM/g;
    const names =
      /Webhook Integration Guide|CRM|Warehouse|Mirror of all that happens|Llanfair\S+|The \S+ of our subsidiary in/g;
    const data = /[a-z_]+(?:\.[a-z_*]+)+|https?:\S+|evt_\w+|dlv_\w+/g;
    const isPlain = (text: string): boolean =>
      word.test(text.replaceAll(known, '').replaceAll(names, '').replaceAll(data, ''));
    const found = new Set<string>();
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('style') || element.closest(foreign)) continue;
      for (const node of element.childNodes) {
        const text = node instanceof (inner.defaultView as Window & typeof globalThis).Text ? node.data : '';
        if (isPlain(text)) found.add(`${element.localName}.${element.className}: ${text.trim()}`);
      }
      for (const name of ['aria-label', 'placeholder', 'data-label']) {
        const text = element.getAttribute(name) ?? '';
        if (isPlain(text)) found.add(`${element.localName}[${name}]: ${text}`);
      }
    }
    return [...found];
  }, FOREIGN.join());
