import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import { CHART_TOKENS, readColors, type ChartColors } from './chart-colors.js';
import { isEmpty, plotData, type ChartSpec } from './chart-data.js';
import { createPlot, type PlotSource } from './chart-plot.js';
import { chartTable, shown, swatch } from './chart-table.js';
import { spanLabel } from './chart-time.js';
import { empty } from './states.js';

const HEIGHT = 220;

/** A figure with a legend, a drawing, and the same as a table. */
export class WebhooksChart extends LitElement implements PlotSource {
  static override properties = {
    spec: { attribute: false },
    hovered: { state: true },
    tableOpen: { state: true },
  };
  declare spec: ChartSpec;
  /** Index of the bucket under the pointer. */
  declare private hovered: number | null;
  declare private tableOpen: boolean;
  colors!: ChartColors;
  font = '';
  private plot: uPlot | undefined;
  private observer: ResizeObserver | undefined;

  constructor() {
    super();
    this.hovered = null;
    this.tableOpen = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: the plot was taken down.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    this.observer?.disconnect();
    this.observer = undefined;
    this.clear();
    super.disconnectedCallback();
  }

  hover(index: number | null): void {
    this.hovered = index;
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
        <div class="chart-probes" aria-hidden="true" @transitionend=${this.recolor}>
          ${CHART_TOKENS.map((token) => html`<i data-token=${token}></i>`)}
        </div>
        <div class="chart-plot" aria-hidden="true"></div>
        ${nothingThere ? empty('chart', emptyTitle, emptyText) : this.tip()}
      </div>
      ${nothingThere ? nothing : this.table()}
    </figure>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!this.observer) this.observe();
    if (isEmpty(this.spec)) this.clear();
    else if (changed.has('spec')) {
      if (this.plot) this.plot.setData(plotData(this.spec));
      else this.draw();
    }
    this.placeTip();
  }

  private observe(): void {
    for (const probe of this.probes) probe.style.color = `var(--${probe.dataset['token']})`;
    // Calls at once, and so draws at first too.
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.area);
  }

  private draw(): void {
    const width = this.area.clientWidth;
    if (width === 0 || isEmpty(this.spec)) return;
    if (this.plot) return this.plot.setSize({ width, height: HEIGHT });
    this.colors = readColors(this.probes);
    this.font = `12px ${getComputedStyle(this).fontFamily}`;
    this.plot = createPlot(this, this.area, width, HEIGHT);
  }

  /** The probes' colour takes a moment to change, for whatever reason it does: theme, scheme or a custom property. */
  private readonly recolor = (): void => {
    const colors = readColors(this.probes);
    if (!this.plot || CHART_TOKENS.every((token) => colors[token] === this.colors[token])) return;
    this.colors = colors;
    // It keeps what it drew with along with the paths.
    this.plot.redraw(true, true);
  };

  private clear(): void {
    this.plot?.destroy();
    this.plot = undefined;
    this.hovered = null;
  }

  private get area(): HTMLElement {
    return this.querySelector<HTMLElement>('.chart-plot')!;
  }

  private get probes(): NodeListOf<HTMLElement> {
    return this.querySelectorAll<HTMLElement>('.chart-probes > i');
  }

  private legend(): TemplateResult {
    return html`<ul class="row legend">
      ${this.spec.series.map(({ label, look }) => html`<li class="row">${swatch(look)} ${label}</li>`)}
    </ul>`;
  }

  private tip(): unknown {
    const { starts, bucketMs, series, format } = this.spec;
    const index = this.hovered;
    const start = index === null ? undefined : starts[index];
    if (index === null || start === undefined) return nothing;
    return html`<div class="chart-band"></div>
      <div class="chart-tip small" aria-hidden="true">
        <strong>${spanLabel(start, bucketMs)}</strong>
        ${series.map(
          ({ label, look, values }) =>
            html`<div class="row apart">
              <span class="row">${swatch(look)} ${label}</span>
              <span class="numeric">${shown(values[index], format)}</span>
            </div>`,
        )}
      </div>`;
  }

  /** By script, since the page's policy may forbid style attributes. */
  private placeTip(): void {
    const tip = this.querySelector<HTMLElement>('.chart-tip');
    const band = this.querySelector<HTMLElement>('.chart-band');
    if (!tip || !band || !this.plot || this.hovered === null) return;
    const { over, data } = this.plot;
    const width = over.clientWidth / this.spec.starts.length;
    const middle = over.offsetLeft + this.plot.valToPos(data[0][this.hovered]!, 'x');
    band.style.left = `${middle - width / 2}px`;
    band.style.width = `${width}px`;
    const room = this.area.clientWidth - tip.offsetWidth;
    const beside = middle > room / 2 + tip.offsetWidth / 2 ? middle - tip.offsetWidth - 12 : middle + 12;
    tip.style.left = `${Math.max(0, Math.min(room, beside))}px`;
  }

  private table(): TemplateResult {
    return html`<details
      class="chart-data"
      @toggle=${(event: Event) => (this.tableOpen = (event.target as HTMLDetailsElement).open)}
    >
      <summary>Show as table</summary>
      ${this.tableOpen ? chartTable(this.spec) : nothing}
    </details>`;
  }
}
