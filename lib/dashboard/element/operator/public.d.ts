import type { RequestHeaders } from '../public.js';

/**
 * `<webhooks-operator>`: what people who run the app can see and do over all tenants, with the routes of the option
 * `operator`. Importing this defines the element. Without a DOM, on a server that renders, it does nothing. It
 * contains English and German.
 */
export declare class WebhooksOperatorElement extends HTMLElement {
  /**
   * Attribute `api-url`: the path or URL of the operators' routes. Default: the URL from which the module serves the
   * script.
   */
  apiUrl: string | undefined;
  /** Attribute: `hash` keeps the current view after `#` in the address. Default: the address does not change. */
  routing: string | undefined;
  /** Attribute with the same values as the `credentials` of `fetch`. Default: `same-origin`. */
  credentials: RequestCredentials | undefined;
  /** A property only. Default: none; the browser's cookies identify the caller. */
  requestHeaders: RequestHeaders | undefined;
  /**
   * Attribute, BCP 47: the language, and the format of dates and numbers. Default: German if the reader prefers it,
   * otherwise English.
   */
  locale: string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'webhooks-operator': WebhooksOperatorElement;
  }
}
