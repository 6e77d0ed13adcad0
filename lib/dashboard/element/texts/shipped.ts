import type { Messages } from './catalogue.js';

export type MessagesByLanguage = Readonly<Record<string, Messages>>;

/** An event of the window: there are texts in one language more. */
export const TEXTS_CAME = 'webhooks-dashboard-texts';
/** Of all scripts on the page: those with texts know nothing of the element's. */
const SHIPPED = Symbol.for('nestjs-webhooks/dashboard/texts');

type Page = { [SHIPPED]?: MessagesByLanguage } & Partial<Pick<Window, 'dispatchEvent'>>;

/** Languages that came by scripts of their own, each by the name that it has in BCP 47. */
export const shipped = (): MessagesByLanguage => (globalThis as Page)[SHIPPED] ?? {};

/** @param language of the texts. Where pages are rendered on a server, nobody is told. */
export function ship(language: string, messages: Messages): void {
  const page = globalThis as Page;
  const before = page[SHIPPED] ?? {};
  page[SHIPPED] = { ...before, [language]: { ...before[language], ...messages } };
  page.dispatchEvent?.(new Event(TEXTS_CAME));
}
