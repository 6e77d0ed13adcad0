/** Headers of every request: as they are, or asked for each time, for tokens that expire. */
export type RequestHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/**
 * `{name}` is a parameter, and what stands between backticks is code. If a text has several forms, `count` chooses one
 * by `Intl.PluralRules`.
 */
export type DashboardText =
  string | Readonly<{ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;

/** Written out in the package. */
export type DashboardTextKey = string;

/**
 * `<webhooks-dashboard>`: everything that a customer does with webhooks, over the module's REST routes. Importing
 * this defines the element; where there is no DOM, on a server that renders, it does nothing.
 */
export declare class WebhooksDashboard extends HTMLElement {
  /** Attribute `api-url`: the path or URL of the routes. Default: where the module serves the script itself. */
  apiUrl: string | undefined;
  /** Attribute: `hash` keeps the place behind `#` of the address. Default: the address is left alone. */
  routing: string | undefined;
  /** Attribute, as of `fetch`. Default: `same-origin`. */
  credentials: RequestCredentials | undefined;
  /** A property only. Default: none; the browser's cookies say who asks. */
  requestHeaders: RequestHeaders | undefined;
  /**
   * Attribute, BCP 47: the language, and the format of dates and numbers. Default: the first of the reader's languages that
   * there are texts in, else English. All is in one language.
   */
  locale: string | undefined;
  /** A property only. Texts by language, then by key, such as `{ fr: { 'list.heading': 'Vos webhooks' } }`; those that are missing are English. */
  messages: Readonly<Record<string, Readonly<Partial<Record<DashboardTextKey, DashboardText>>>>> | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'webhooks-dashboard': WebhooksDashboard;
  }
  interface HTMLElementEventMap {
    /**
     * The routes answered 401, or sent the reader to a sign-in. Once, and again only after they have answered meanwhile.
     * It bubbles out of shadow roots, and can't be canceled: the dashboard says that the reader is signed out.
     */
    'webhooks-unauthorized': CustomEvent;
  }
}
