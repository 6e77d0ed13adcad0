import { html, nothing, type TemplateResult } from 'lit';
import { link } from '../../parts/link.js';
import { badge } from '../../parts/status.js';
import { formatNumber, t } from '../../texts/t.js';
import { LIMITS, pauseTenant, resume } from '../acts.js';
import { OperatorDetailView } from '../detail.view.js';
import type {
  OperatorEndpointView,
  OperatorPauseView,
  OperatorSettingsView,
  OperatorTenantView,
} from '../operator-types.js';
import { backLink, card, dueText, figures, keptFor, note, tenantName } from '../parts.js';
import { endpointsTable } from '../tables.js';

const MOST_ENDPOINTS = 50;

interface Loaded {
  readonly tenant: OperatorTenantView;
  readonly endpoints: readonly OperatorEndpointView[];
  readonly isMore: boolean;
  /** Acts on the whole tenant. */
  readonly pause: OperatorPauseView | undefined;
  readonly settings: OperatorSettingsView;
}

/** One tenant: its state, its volume, and its endpoints. */
export class TenantView extends OperatorDetailView<Loaded> {
  protected override async load(signal: AbortSignal): Promise<Loaded> {
    const { api } = this.context;
    const name = this.tenant;
    const [tenant, { data, nextCursor }, pauses, settings] = await Promise.all([
      api.tenant(name, signal),
      api.endpointsOf(name, { limit: MOST_ENDPOINTS }, signal),
      api.pauses(signal),
      api.settings(name, signal),
    ]);
    const pause = pauses.data.find((one) => one.scope === 'tenant' && one.tenant === name);
    return { tenant, endpoints: data, isMore: nextCursor !== null, pause, settings };
  }

  private get tenant(): string {
    return this.query.tenant ?? '';
  }

  protected override back(): TemplateResult {
    return backLink(this.context, { section: 'tenants' }, t('ops.nav.tenants'));
  }

  protected override head(value: Loaded | undefined): TemplateResult {
    return html`<div class="page-head">
      <div class="row">
        <h2 tabindex="-1" class="break"><bdi>${tenantName(this.tenant)}</bdi></h2>
        ${value?.tenant.paused ? badge(t('paused'), 'warning') : nothing}
      </div>
      ${value ? this.acts(value) : nothing}
    </div>`;
  }

  private acts({ pause }: Loaded): TemplateResult {
    const question = pause ? resume(this.context, pause) : pauseTenant(this.context, this.tenant);
    const job = (kind: 'recover' | 'erase', tone = ''): TemplateResult =>
      link(
        this.context,
        { section: 'jobs', id: 'new', query: { kind, tenant: this.tenant } },
        t(`ops.job.kind.${kind}`),
        { class: `button ${tone}` },
      );
    return html`<div class="row">
      ${job('recover')} ${job('erase', 'danger-outline')}
      ${link(this.context, { section: 'deliveries', query: { tenant: this.tenant } }, t('ops.nav.deliveries'), { class: 'button' })}
      <button type="button" class="button" @click=${() => this.context.ask(question)}>
        ${t(pause ? 'ops.resume' : 'ops.pause')}
      </button>
    </div>`;
  }

  protected override shown({ tenant, endpoints, isMore, pause, settings }: Loaded): TemplateResult {
    return html`${pause ? html`<p class="notice warning break">${t('ops.pause.is', { reason: pause.reason ?? '–' })}</p>` : nothing}
      ${figures([
        [t('ops.endpoints'), tenant.endpoints, ''],
        [t('ops.state.failing'), tenant.failing, tenant.failing > 0 ? 'warning' : ''],
        [t('ops.state.disabled'), tenant.disabled, tenant.disabled > 0 ? 'failure' : ''],
        [t('ops.due'), dueText(tenant.due), ''],
      ])}
      <webhooks-operator-charts
        .context=${this.context}
        .route=${this.route}
        .changes=${this.changes}
        .tenant=${this.tenant}
      ></webhooks-operator-charts>
      ${card(
        t('ops.endpoints'),
        endpoints.length === 0
          ? note(t('ops.endpoints.none'))
          : html`${endpointsTable(this.context, endpoints, { tenant: true })}
            ${
              isMore
                ? html`<div class="more">
                    ${link(this.context, { section: 'endpoints', query: { tenant: this.tenant } }, t('ops.endpoints.all'), { class: 'button' })}
                  </div>`
                : nothing
            }`,
      )}
      ${this.settings(settings)}`;
  }

  private settings({ set, effective }: OperatorSettingsView): TemplateResult {
    const fact = (label: string, value: unknown, isSet: boolean): TemplateResult =>
      html`<dt>${label}</dt>
        <dd>
          ${value}
          <span class="muted small">${t(isSet ? 'ops.settings.own' : 'ops.settings.inherited')}</span>
        </dd>`;
    return card(
      t('ops.settings'),
      html`<dl class="section-body facts">
        ${fact(t('ops.settings.retention'), keptFor(effective.retentionMs), set.retention !== null)}
        ${LIMITS.map((name) => fact(t(`ops.settings.${name}`), formatNumber(effective[name]), set[name] !== null))}
      </dl>`,
      link(this.context, { section: 'settings', query: { tenant: this.tenant } }, t('ops.settings.change'), {
        class: 'button small',
      }),
    );
  }
}
