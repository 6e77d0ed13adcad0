import type { TemplateResult } from 'lit';
import type { WebhookEventTypeDescription, WebhookGuideView, WebhookSettingsView } from './api/api-types.js';
import type { WebhooksApi } from './api/webhooks-api.js';
import type { ToastAction } from './parts/toasts.js';
import type { Route } from './routing/route.js';
import { InnerElement } from './texts/inner-element.js';

/** What the dashboard provides to its views. */
export interface DashboardContext {
  readonly api: WebhooksApi;
  go(route: Route, options?: { replace?: boolean }): void;
  /** Closes what is open over the view, and leaves no history entry to reopen it. */
  close(view: Route): void;
  href(route: Route): string | undefined;
  /** Asks the reader before leaving a view that `isUnsaved`. */
  keep(isUnsaved: () => boolean): void;
  /**
   * Shows a line for some seconds, with a button if there is an action, and announces it to screen readers.
   * @param message returns the text in the current language
   */
  notify(message: () => string | TemplateResult, kind?: 'success' | 'error', action?: ToastAction): void;
  /** Loaded once, and cached. */
  eventTypes(): Promise<readonly WebhookEventTypeDescription[]>;
  settings(): Promise<WebhookSettingsView>;
  /** Loaded once, and cached; only if the settings say that there is one. */
  guide(): Promise<WebhookGuideView>;
  /** The URL of the guide's page. */
  readonly guideUrl: string;
  /** Whether a link to it would work. */
  opensGuide(settings: WebhookSettingsView): boolean;
}

/** A view of the dashboard, or a part of one with its own state. */
export abstract class DashboardView extends InnerElement {
  declare context: DashboardContext;

  static override properties = { context: { attribute: false } };
}
