import type { TemplateResult } from 'lit';
import type { WebhookEventTypeDescription, WebhookGuideView, WebhookSettingsView } from './api/api-types.js';
import type { WebhooksApi } from './api/webhooks-api.js';
import type { ToastAction } from './parts/toasts.js';
import type { Route } from './routing/route.js';
import { InnerElement } from './texts/inner-element.js';

/** What the dashboard gives to its views. */
export interface DashboardContext {
  readonly api: WebhooksApi;
  go(route: Route, options?: { replace?: boolean }): void;
  /** Closes what is open over the view, which Back does not open again. */
  close(view: Route): void;
  href(route: Route): string | undefined;
  /** Asks the reader before a view goes in which `isUnsaved`. */
  keep(isUnsaved: () => boolean): void;
  /**
   * Shows a line for some seconds, with a button where there is an action, and reads it to screen readers.
   * @param message makes it, in the language of the time
   */
  notify(message: () => string | TemplateResult, kind?: 'success' | 'error', action?: ToastAction): void;
  /** Loaded once, and kept. */
  eventTypes(): Promise<readonly WebhookEventTypeDescription[]>;
  settings(): Promise<WebhookSettingsView>;
  /** Loaded once, and kept; only where the settings say that there is one. */
  guide(): Promise<WebhookGuideView>;
  /** Of the guide's page. */
  readonly guideUrl: string;
  /** Whether a link to that would open. */
  opensGuide(settings: WebhookSettingsView): boolean;
}

/** A view of the dashboard, or a part of one with a state of its own. */
export abstract class DashboardView extends InnerElement {
  declare context: DashboardContext;

  static override properties = { context: { attribute: false } };
}
