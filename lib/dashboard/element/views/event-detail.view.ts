import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import type { EventDetail } from '../api/webhooks-api.js';
import { DashboardView } from '../dashboard-view.js';
import { codeBlock } from '../parts/code-block.js';
import { deliveryCounts } from '../parts/delivery-counts.js';
import { testBadge } from '../parts/delivery-table.js';
import { eventDeliveries } from '../parts/event-deliveries.js';
import { icon } from '../parts/icon.js';
import { prettyJson } from '../parts/json.js';
import { link } from '../parts/link.js';
import { failure, loadingRows } from '../parts/states.js';
import { time, timeFromNow } from '../parts/time.js';
import { loadEndpointNames, type EndpointNames } from '../state/endpoint-names.js';
import { Loader } from '../state/loader.js';
import { poll } from '../state/poller.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

const REFRESH_MS = 3_000;
const ROWS = 50;

/** Shows one event with its body and its deliveries. */
export class EventDetailView extends DashboardView {
  static override properties = {
    ...super.properties,
    eventId: { attribute: false },
    names: { state: true },
    shown: { state: true },
  };
  declare eventId: string;
  declare private names: EndpointNames;
  /** How many deliveries are shown. */
  declare private shown: number;

  private readonly loader = new Loader<EventDetail>(this, async (signal) => {
    const event = await this.context.api.event(this.eventId, signal);
    void this.loadNames(event);
    return event;
  });

  constructor() {
    super();
    this.names = new Map();
    this.shown = ROWS;
    poll(this, () => this.refresh(), REFRESH_MS);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('eventId')) return;
    this.shown = ROWS;
    void this.loader.run({ forget: true });
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    // The same element renders the heading before and after loading, so that it keeps the focus.
    return html`<div class="stack">
      <div>
        ${link(this.context, { view: 'events' }, html`${icon('back', 14)} ${t('nav.events')}`, { class: 'link back' })}
      </div>
      <div class="row">
        <h2 tabindex="-1" class="break">${value?.type ?? t('event.event')}</h2>
        ${value?.test ? testBadge() : nothing}
      </div>
      ${value ? this.event(value) : this.waiting(error)}
    </div>`;
  }

  private waiting(error: unknown): TemplateResult {
    return html`<div class="card">
      ${error ? failure(error, isGone(error) ? undefined : () => void this.loader.run()) : loadingRows(8)}
    </div>`;
  }

  private event(event: EventDetail): TemplateResult {
    const { body } = event;
    return html`${
        this.loader.error
          ? html`<p class="problem" role="alert">${messageOf(this.loader.error)}</p>`
          : nothing
      }
      ${this.facts(event)}
      <section class="card event-deliveries" aria-labelledby="event-deliveries">
        <div class="card-head">
          <h3 id="event-deliveries">${t('event.deliveries')}</h3>
          <div role="status">${deliveryCounts(event.deliveryCounts)}</div>
        </div>
        ${eventDeliveries(this.context, event, {
          names: this.names,
          rows: this.shown,
          more: () => this.showMore(event),
        })}
      </section>
      <section class="card" aria-labelledby="event-body">
        <div class="card-head">
          <div>
            <h3 id="event-body">${t('event.body')}</h3>
            <p class="muted small">${t('event.body.text')}</p>
          </div>
        </div>
        <div class="event-body">
          ${codeBlock(prettyJson(body), {
            label: t('event.body-of'),
            copies: body,
            copyLabel: t('event.copy-body'),
          })}
        </div>
      </section>`;
  }

  private facts({ id, type, createdAt, idempotencyKey }: EventDetail): TemplateResult {
    return html`<dl class="card padded facts event-facts">
      <dt>${t('event.id')}</dt>
      <dd class="row">
        <code>${id}</code>
        <webhooks-copy-button .text=${id} label=${t('event.copy-id')}></webhooks-copy-button>
      </dd>
      <dt>${t('event.created')}</dt>
      <dd>${time(createdAt)} <span class="muted">(${timeFromNow(createdAt)})</span></dd>
      ${
        idempotencyKey === null
          ? nothing
          : html`<dt>${t('event.idempotency-key')}</dt>
              <dd><code>${idempotencyKey}</code></dd>`
      }
      <dt>${t('events.type')}</dt>
      <dd>${link(this.context, { view: 'event-types', type }, type)}</dd>
    </dl>`;
  }

  private showMore(event: EventDetail): void {
    this.shown += ROWS;
    void this.loadNames(event);
  }

  private async loadNames({ deliveries, filtered }: EventDetail): Promise<void> {
    const ids = [...deliveries.slice(0, this.shown), ...filtered].map(({ endpointId }) => endpointId);
    this.names = await loadEndpointNames(this.context.api, this.names, ids);
  }

  private async refresh(): Promise<void> {
    const { value, loading } = this.loader;
    if (!loading && value && value.deliveryCounts.pending > 0) await this.loader.run();
  }
}

/** The event was deleted or never existed, so trying again can't help. */
const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
