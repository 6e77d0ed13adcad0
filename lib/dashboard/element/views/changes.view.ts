import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CustomersAct, WebhookAuditView, WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { empty, failure, loadingRows, outdated } from '../parts/states.js';
import { time } from '../parts/time.js';
import { PagedList } from '../state/paged-list.js';
import { rich, t } from '../texts/t.js';

const PAGE = 50;

/** Lists the changes of a webhook, and who made them. */
export class ChangesView extends DashboardView {
  static override properties = { ...super.properties, endpoint: { attribute: false } };
  declare endpoint: WebhookEndpointView;

  private readonly list = new PagedList<WebhookAuditView>(this, (cursor, signal) =>
    this.context.api.audit({ endpointId: this.endpoint.id, cursor, limit: PAGE }, signal),
  );

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('endpoint')) return;
    const before = changed.get('endpoint') as WebhookEndpointView | undefined;
    // The parent passes the same webhook as a new object after each change and each reload.
    void (before?.id === this.endpoint.id ? this.list.refresh() : this.list.restart());
  }

  protected override render(): TemplateResult {
    const { rows, error, loading } = this.list;
    if (!rows) {
      const body = error && !loading ? failure(error, () => void this.list.restart()) : loadingRows(5);
      return html`<div class="card">${body}</div>`;
    }
    if (rows.length === 0)
      return html`<div class="card">${empty('inbox', t('changes.empty'), t('changes.empty.text'))}</div>`;
    return html`<div class="card">
      ${error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
      <table class="table cards">
        <caption class="sr-only">
          ${t('changes.caption')}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t('changes.what')}</th>
            <th scope="col">${t('changes.who')}</th>
            <th scope="col" class="end">${t('changes.when')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(row)}
        </tbody>
      </table>
      ${
        this.list.hasMore
          ? html`<div class="section-body">
              <button
                type="button"
                class="button"
                aria-disabled=${loading}
                @click=${() => void this.list.more()}
              >
                ${t('show-more')}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }
}

const row = ({ act, actor, before, after, createdAt }: WebhookAuditView): TemplateResult => {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return html`<tr>
    <td class="wide">
      ${t(`changes.act.${act as CustomersAct}`)}
      ${
        fields.length > 0
          ? html`<ul class="small muted break">
              ${fields.map((field) => html`<li>${change(field, before?.[field], after?.[field])}</li>`)}
            </ul>`
          : nothing
      }
    </td>
    <td class="break"><bdi>${actor.id ?? t(`changes.actor.${actor.kind}`)}</bdi></td>
    <td class="end tight muted">${time(createdAt)}</td>
  </tr>`;
};

function change(name: string, before: unknown, after: unknown): TemplateResult {
  const field = html`<code>${name}</code>`;
  if (isEmpty(before)) return rich('changes.set', { field, after: shown(after) });
  if (isEmpty(after)) return rich('changes.removed', { field, before: shown(before) });
  return rich('changes.replaced', { field, before: shown(before), after: shown(after) });
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null;

const shown = (value: unknown): TemplateResult =>
  html`<bdi>${typeof value === 'string' ? value : JSON.stringify(value)}</bdi>`;
