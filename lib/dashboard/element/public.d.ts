/** Headers of every request: an object, or a function that returns one, for tokens that expire. */
export type RequestHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/**
 * `{name}` is a parameter, and text between backticks is code. If a text has several forms, `count` chooses
 * one by `Intl.PluralRules`.
 */
export type DashboardText =
  string | Readonly<{ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;

/** The package lists all keys here. */
export type DashboardTextKey = string;

/**
 * `<webhooks-dashboard>`: everything that a customer does with webhooks, over the module's REST routes.
 * Importing this defines the element. Without a DOM, on a server that renders, it does nothing.
 */
export declare class WebhooksDashboard extends HTMLElement {
  /**
   * Attribute `api-url`: the path or URL of the routes. Default: the URL from which the module serves the
   * script.
   */
  apiUrl: string | undefined;
  /**
   * Attribute: `hash` keeps the current view after `#` in the address. Default: the address does not change.
   */
  routing: string | undefined;
  /** Attribute with the same values as the `credentials` of `fetch`. Default: `same-origin`. */
  credentials: RequestCredentials | undefined;
  /** A property only. Default: none; the browser's cookies identify the caller. */
  requestHeaders: RequestHeaders | undefined;
  /**
   * Attribute, BCP 47: the language, and the format of dates and numbers. Default: the first of the reader's
   * languages that has texts, otherwise English.
   */
  locale: string | undefined;
  /**
   * A property only. Texts by language, then by key, such as `{ fr: { 'list.heading': 'Vos webhooks' } }`.
   * Missing texts appear in English.
   */
  messages: Readonly<Record<string, Readonly<Partial<Record<DashboardTextKey, DashboardText>>>>> | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'webhooks-dashboard': WebhooksDashboard;
  }
  interface HTMLElementEventMap {
    /**
     * The routes responded with 401, or redirected the reader to a sign-in page. Fires again only after a
     * request has succeeded meanwhile. It bubbles out of shadow roots, and can't be canceled: the dashboard
     * says that the reader is signed out.
     */
    'webhooks-unauthorized': CustomEvent;
  }
}
