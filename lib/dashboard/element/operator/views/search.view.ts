import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { link } from '../../parts/link.js';
import { empty, failure, loadingRows } from '../../parts/states.js';
import { Loader } from '../../state/loader.js';
import { t } from '../../texts/t.js';
import type { OperatorFoundView, OperatorSearchView } from '../operator-types.js';
import { OperatorView } from '../operator-view.js';
import { dataTable, note, tenantLink } from '../parts.js';
import type { OperatorRoute } from '../route.js';

/** The results for an id, a URL or a name. */
export class SearchView extends OperatorView {
  private readonly loader = new Loader<OperatorSearchView>(this, (signal) =>
    this.context.api.search(this.query.q ?? '', signal),
  );
  private asked: string | undefined;

  protected reload(): Promise<void> {
    return this.loader.run();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const q = this.query.q ?? '';
    if (q === this.asked) return;
    this.asked = q;
    if (q !== '') void this.loader.run({ forget: true });
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<div class="stack">
      <div>
        <h2 tabindex="-1">${t('ops.search.heading')}</h2>
        <p class="muted break">${t('ops.search.for', { text: this.query.q ?? '' })}</p>
      </div>
      <div class="card" role="region" aria-label=${t('ops.search.heading')}>
        ${value ? this.found(value) : error ? failure(error, () => void this.reload()) : loadingRows(4)}
      </div>
    </div>`;
  }

  private found({ data, isWhole }: OperatorSearchView): TemplateResult {
    if (data.length === 0) return empty('search', t('ops.search.none'), t('ops.search.none.text'));
    return html`${dataTable(
      t('ops.search.heading'),
      [
        {
          label: t('ops.what'),
          class: 'name',
          cell: (one) =>
            link(this.context, placeOf(one), html`<bdi>${one.label || t('ops.no-tenant')}</bdi>`, {
              class: 'link plain break',
            }),
        },
        { label: t('ops.kind'), cell: ({ kind }) => t(`ops.kind.${kind}`) },
        { label: t('ops.tenant'), cell: ({ tenant }) => tenantLink(this.context, tenant) },
      ],
      data,
    )}
    ${isWhole ? nothing : note(t('ops.search.more'))}`;
  }
}

const SECTIONS = { event: 'events', delivery: 'deliveries', endpoint: 'endpoints' } as const;

const placeOf = ({ kind, id }: OperatorFoundView): OperatorRoute =>
  kind === 'tenant' ? { section: 'tenant', query: { tenant: id } } : { section: SECTIONS[kind], id };
