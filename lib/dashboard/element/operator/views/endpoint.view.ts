import { html, nothing, type TemplateResult } from 'lit';
import { link } from '../../parts/link.js';
import { timeFromNow } from '../../parts/time.js';
import { t } from '../../texts/t.js';
import { disable, enable, pauseEndpoint, resume } from '../acts.js';
import { OperatorDetailView } from '../detail.view.js';
import type { OperatorDeliveryView, OperatorEndpointView, OperatorPauseView } from '../operator-types.js';
import type { Question } from '../operator-view.js';
import { backLink, card, dueText, note, stateBadges, tenantLink } from '../parts.js';
import { disabledBecause } from '../said.js';
import { stamp } from '../stamp.js';
import { deliveriesTable } from '../tables.js';

const SHOWN = 20;

interface Loaded {
  readonly endpoint: OperatorEndpointView;
  readonly deliveries: readonly OperatorDeliveryView[];
  /** Acts on this endpoint only. */
  readonly pause: OperatorPauseView | undefined;
}

/** One endpoint: its state, the possible acts, and its latest deliveries. */
export class EndpointView extends OperatorDetailView<Loaded> {
  protected override async load(signal: AbortSignal): Promise<Loaded> {
    const { api } = this.context;
    const [endpoint, { data }, pauses] = await Promise.all([
      api.endpoint(this.endpointId, signal),
      api.deliveries({ endpointId: this.endpointId, limit: SHOWN }, signal),
      api.pauses(signal),
    ]);
    return {
      endpoint,
      deliveries: data,
      pause: pauses.data.find(({ endpointId }) => endpointId === this.endpointId),
    };
  }

  /** The route's id. The element's own `id` is something else. */
  private get endpointId(): string {
    return this.route.id ?? '';
  }

  protected override back(): TemplateResult {
    return backLink(this.context, { section: 'endpoints' }, t('ops.endpoints'));
  }

  protected override head(value: Loaded | undefined): TemplateResult {
    return html`<div class="page-head">
      <div class="row">
        <h2 tabindex="-1" class="break"><bdi>${value?.endpoint.name ?? t('ops.endpoint')}</bdi></h2>
        ${value ? stateBadges(value.endpoint) : nothing}
      </div>
      ${value ? this.acts(value) : nothing}
    </div>`;
  }

  private acts({ pause, endpoint }: Loaded): TemplateResult {
    const question = pause ? resume(this.context, pause) : pauseEndpoint(this.context, this.endpointId);
    const { active, id } = endpoint;
    const job = (kind: 'recover' | 'move'): TemplateResult =>
      link(
        this.context,
        { section: 'jobs', id: 'new', query: { kind, endpointId: id } },
        t(`ops.job.kind.${kind}`),
        {
          class: 'button',
        },
      );
    const ask = (asked: Question): void => this.context.ask(asked);
    return html`<div class="row">
      ${job('recover')} ${job('move')}
      <button type="button" class="button" @click=${() => ask(question)}>
        ${t(pause ? 'ops.resume' : 'ops.pause')}
      </button>
      ${
        active
          ? html`<button
              type="button"
              class="button danger-outline"
              @click=${() => ask(disable(this.context, endpoint))}
            >
              ${t('ops.disable')}
            </button>`
          : html`<button type="button" class="button" @click=${() => ask(enable(this.context, endpoint))}>
              ${t('ops.enable')}
            </button>`
      }
    </div>`;
  }

  protected override shown({ endpoint, deliveries, pause }: Loaded): TemplateResult {
    const {
      tenant,
      url,
      due,
      failingSince,
      deferredUntil,
      rateLimit,
      disabledReason,
      disabledNote,
      disabledAt,
      createdAt,
    } = endpoint;
    const fact = (label: string, value: unknown): TemplateResult =>
      html`<dt>${label}</dt>
        <dd>${value}</dd>`;
    return html`${pause ? html`<p class="notice warning break">${t('ops.pause.is', { reason: pause.reason ?? '–' })}</p>` : nothing}
      ${
        disabledReason === null
          ? nothing
          : html`<p class="notice failure break">
              ${t('ops.disabled.is', { reason: disabledBecause(disabledReason) })} ${timeFromNow(disabledAt)}
              ${disabledNote === null ? nothing : html`<br /><bdi>${disabledNote}</bdi>`}
            </p>`
      }
      <dl class="card padded facts">
        ${fact(t('ops.tenant'), tenantLink(this.context, tenant))}
        ${fact('URL', html`<code class="break ltr">${url}</code>`)} ${fact(t('ops.due'), dueText(due))}
        ${failingSince === null ? nothing : fact(t('ops.failing-since'), timeFromNow(failingSince))}
        ${deferredUntil === null ? nothing : fact(t('ops.deferred-until'), stamp(deferredUntil))}
        ${rateLimit === null ? nothing : fact(t('ops.rate-limit'), t('ops.per-second', { count: rateLimit }))}
        ${fact(t('log.created'), stamp(createdAt))} ${fact('ID', html`<code>${endpoint.id}</code>`)}
      </dl>
      ${card(
        t('ops.nav.deliveries'),
        deliveries.length === 0
          ? note(t('ops.deliveries.none'))
          : deliveriesTable(this.context, deliveries, { endpoint: true }),
        link(
          this.context,
          { section: 'deliveries', query: { endpointId: this.endpointId } },
          t('ops.deliveries.all'),
        ),
      )}`;
  }
}
