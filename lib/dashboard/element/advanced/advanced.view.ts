import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  WebhookEndpointView,
  WebhookEventTypeDescription,
  WebhookSettingsView,
} from '../api/api-types.js';
import { DashboardView, type DashboardContext } from '../dashboard-view.js';
import type { Advanced, Problems } from '../views/form-values.js';
import { authorizationFields, certificateFields, ownSecretFields } from './credential-fields.js';
import { changesIn, draftOf, problemsInDraft, type AdvancedDraft } from './draft.js';
import { formatFields } from './format-fields.js';

export interface AdvancedForm {
  readonly context: DashboardContext;
  readonly draft: AdvancedDraft;
  readonly set: (changes: Partial<AdvancedDraft>) => void;
  /** Keys are the fields’ names in the routes. */
  readonly problems: Problems;
  readonly settings: WebhookSettingsView;
  readonly types: readonly WebhookEventTypeDescription[];
  /** The patterns of events that the webhook receives. */
  readonly events: readonly string[];
  readonly endpoint: WebhookEndpointView | undefined;
}

export interface PickedAdvanced {
  readonly advanced: Advanced;
  /** What prevents saving, as functions that return a text in the current language. */
  readonly advancedProblems: () => Problems;
}

/** The advanced part of a webhook's form. The `detail` of `@advanced-picked` is a `PickedAdvanced`. */
export class WebhooksAdvanced extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    settings: { attribute: false },
    types: { attribute: false },
    events: { attribute: false },
    problems: { attribute: false },
    draft: { state: true },
  };
  declare endpoint: WebhookEndpointView | undefined;
  declare settings: WebhookSettingsView;
  declare types: readonly WebhookEventTypeDescription[];
  declare events: readonly string[];
  declare problems: Problems;
  declare private draft: AdvancedDraft;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('endpoint') || !this.hasUpdated) this.draft = draftOf(this.endpoint, this.settings);
  }

  protected override render(): TemplateResult {
    const { context, draft, set, problems, settings, types, events, endpoint } = this;
    const form = { context, draft, set, problems, settings, types, events, endpoint };
    return html`<div class="stack loose">
      ${formatFields(form)}
      <hr />
      ${authorizationFields(form)} ${certificateFields(form)}
      ${endpoint === undefined && settings.ownSecrets ? [html`<hr />`, ownSecretFields(form)] : nothing}
    </div>`;
  }

  private readonly set = (changes: Partial<AdvancedDraft>): void => {
    const draft = (this.draft = { ...this.draft, ...changes });
    const detail: PickedAdvanced = {
      advanced: changesIn(draft, this.endpoint, this.settings),
      advancedProblems: () => problemsInDraft(draft),
    };
    this.dispatchEvent(new CustomEvent('advanced-picked', { detail }));
  };
}
