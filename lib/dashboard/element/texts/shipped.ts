import type { Messages } from './catalogue.js';

export type MessagesByLanguage = Readonly<Record<string, Messages>>;

/** An event on the window: the texts of another language have loaded. */
export const TEXTS_CAME = 'webhooks-dashboard-texts';
/** Shared by all scripts on the page, because the scripts with texts don't import the element. */
const SHIPPED = Symbol.for('nestjs-webhooks/dashboard/texts');

type Page = { [SHIPPED]?: MessagesByLanguage } & Partial<Pick<Window, 'dispatchEvent'>>;

/** The languages that were loaded by scripts of their own, by BCP 47 tag. */
export const shipped = (): MessagesByLanguage => (globalThis as Page)[SHIPPED] ?? {};

/**
 * Adds texts and notifies all dashboards. On a server, there are none to notify.
 * @param language the language of the texts
 */
export function ship(language: string, messages: Messages): void {
  const page = globalThis as Page;
  const before = page[SHIPPED] ?? {};
  page[SHIPPED] = { ...before, [language]: { ...before[language], ...messages } };
  page.dispatchEvent?.(new Event(TEXTS_CAME));
}
