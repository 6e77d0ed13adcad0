import type { RequestHeaders } from '../public.js';

/**
 * `<webhooks-operator>`: what those who run the app see and do over all tenants, over the routes of the option `operator`. Importing this
 * defines the element; where there is no DOM, on a server that renders, it does nothing. English and German are in it.
 */
export declare class WebhooksOperatorElement extends HTMLElement {
  /** Attribute `api-url`: the path or URL of the operators' routes. Default: where the module serves the script itself. */
  apiUrl: string | undefined;
  /** Attribute: `hash` keeps the place behind `#` of the address. Default: the address is left alone. */
  routing: string | undefined;
  /** Attribute, as of `fetch`. Default: `same-origin`. */
  credentials: RequestCredentials | undefined;
  /** A property only. Default: none; the browser's cookies say who asks. */
  requestHeaders: RequestHeaders | undefined;
  /** Attribute, BCP 47: the language, and the format of dates and numbers. Default: the reader's, where it is German, else English. */
  locale: string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'webhooks-operator': WebhooksOperatorElement;
  }
}
