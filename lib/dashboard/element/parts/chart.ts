import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { isEmpty, type ChartSpec } from './chart-data.js';
import { drawing } from './chart-drawing.js';
import { swatch } from './chart-marks.js';
import { plotOf, type Plot } from './chart-plot.js';
import { chartTable, shown } from './chart-table.js';
import { spanLabel } from './chart-time.js';
import { InnerElement } from '../texts/inner-element.js';
import { empty } from './states.js';
import { enumerated, t } from '../texts/t.js';

const MARGIN = 8;
/** The distance of the tip from a bucket's middle. */
const TIP_GAP = 12;
let charts = 0;

/** A figure with a legend, a drawing that shows values by pointer and keyboard, and the same values as a table. */
export class WebhooksChart extends InnerElement {
  static override properties = {
    spec: { attribute: false },
    width: { state: true },
    hovered: { state: true },
    isTold: { state: true },
    tableOpen: { state: true },
  };
  declare spec: ChartSpec;
  declare private width: number;
  /** Index of the bucket under the pointer, or selected by keyboard. */
  declare private hovered: number | null;
  /** Announced to screen readers by keyboard only: the pointer would announce too much. */
  declare private isTold: boolean;
  declare private tableOpen: boolean;
  private plot: Plot | undefined;
  /** Patterns are referenced by id. */
  private readonly chartId = `chart-${++charts}`;
  private readonly observer = new ResizeObserver(() => {
    // The width is 0 while it is hidden.
    this.width = this.querySelector('.chart-area')?.clientWidth || this.width;
  });

  constructor() {
    super();
    this.width = 0;
    this.hovered = null;
    this.isTold = false;
    this.tableOpen = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.observer.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('spec') && !changed.has('width')) return;
    this.plot = this.width === 0 || isEmpty(this.spec) ? undefined : plotOf(this.spec, this.width);
    if (this.hovered !== null && this.hovered >= this.spec.starts.length) this.hovered = null;
  }

  protected override render(): TemplateResult {
    const { title, emptyTitle, emptyText } = this.spec;
    const nothingThere = isEmpty(this.spec);
    return html`<figure class="card chart">
      <figcaption class="card-head">
        <h3>${title}</h3>
        ${nothingThere ? nothing : this.legend()}
      </figcaption>
      <div class="chart-area">
        ${nothingThere ? empty('chart', emptyTitle, emptyText) : [this.drawing(), this.tip()]}
      </div>
      ${nothingThere ? nothing : this.table()}
    </figure>`;
  }

  protected override updated(): void {
    this.placeTip();
  }

  private legend(): TemplateResult {
    return html`<ul class="row legend">
      ${this.spec.series.map(
        ({ label, look }) => html`<li class="row">${swatch(look, this.chartId)} ${label}</li>`,
      )}
    </ul>`;
  }

  private drawing(): TemplateResult {
    const { title, open } = this.spec;
    return html`<div
        class="chart-plot ${open ? 'opens' : ''}"
        tabindex="0"
        role=${open ? 'application' : 'img'}
        aria-label=${t(open ? 'chart.label.opens' : 'chart.label', { title })}
        @click=${() => this.open()}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${(event: PointerEvent) => event.pointerType === 'mouse' && this.show(null)}
        @keydown=${this.press}
        @blur=${() => this.show(null)}
      >
        ${this.plot ? drawing(this.plot, this.hovered, this.chartId) : nothing}
      </div>
      <p class="sr-only" role="status">
        ${this.isTold && this.hovered !== null ? this.told(this.hovered) : nothing}
      </p>`;
  }

  private show(index: number | null, isTold = false): void {
    this.hovered = index;
    this.isTold = isTold;
  }

  private point(event: PointerEvent): void {
    if (!this.plot) return;
    const { left, band } = this.plot;
    const area = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const index = Math.floor((event.clientX - area.left - left) / band);
    this.show(index >= 0 && index < this.spec.starts.length ? index : null);
  }

  private open(): void {
    const { open, series } = this.spec;
    const index = this.hovered;
    if (open && index !== null && series.some(({ values }) => values[index])) open(index);
  }

  private press(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.open();
    const last = this.spec.starts.length - 1;
    const { hovered } = this;
    const steps: Record<string, number | null> = {
      ArrowLeft: hovered === null ? last : Math.max(0, hovered - 1),
      ArrowRight: hovered === null ? 0 : Math.min(last, hovered + 1),
      Home: 0,
      End: last,
      ...(hovered === null ? {} : { Escape: null }),
    };
    const index = steps[event.key];
    // Browsers use Alt with an arrow themselves.
    if (index === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.show(index, true);
  }

  private told(index: number): string {
    const { starts, bucketMs, series, format } = this.spec;
    const told = series.map(({ label, values }) =>
      t('chart.value', { label, value: shown(values[index], format) }),
    );
    return t('chart.told', { span: spanLabel(starts[index]!, bucketMs), values: enumerated(told) });
  }

  private tip(): unknown {
    const { starts, bucketMs, series, format } = this.spec;
    const index = this.hovered;
    if (index === null) return nothing;
    return html`<div class="chart-tip small" aria-hidden="true">
      <strong>${spanLabel(starts[index]!, bucketMs)}</strong>
      ${series.map(
        ({ label, look, values }) =>
          html`<div class="row apart">
            <span class="row">${swatch(look, this.chartId)} ${label}</span>
            <span class="numeric">${shown(values[index], format)}</span>
          </div>`,
      )}
    </div>`;
  }

  /** Set by script, because the page's policy may forbid style attributes. */
  private placeTip(): void {
    const tip = this.querySelector<HTMLElement>('.chart-tip');
    if (!tip || !this.plot || this.hovered === null) return;
    const { left, band, width } = this.plot;
    const middle = left + band * (this.hovered + 0.5);
    const beside = middle > width / 2 ? middle - tip.offsetWidth - TIP_GAP : middle + TIP_GAP;
    tip.style.left = `${Math.max(MARGIN, Math.min(width - tip.offsetWidth - MARGIN, beside))}px`;
  }

  private table(): TemplateResult {
    return html`<details
      class="chart-data"
      @toggle=${(event: Event) => (this.tableOpen = (event.target as HTMLDetailsElement).open)}
    >
      <summary>${t('chart.show-table')}</summary>
      ${this.tableOpen ? chartTable(this.spec) : nothing}
    </details>`;
  }
}
