import { html, nothing, type TemplateResult } from 'lit';
import { failure, loadingRows, outdated } from '../parts/states.js';
import { Loader } from '../state/loader.js';
import { poll } from '../state/poller.js';
import { OperatorView } from './operator-view.js';

/** Shows one object below its heading and the link to its list. Reloads from time to time. */
export abstract class OperatorDetailView<Value> extends OperatorView {
  private readonly loader = new Loader<Value>(this, (signal) => this.load(signal));

  /** @param refreshMs the time between two reloads */
  constructor(refreshMs = 10_000) {
    super();
    poll(
      this,
      async () => {
        if (this.value === undefined || !this.isFinal(this.value)) await this.reload();
      },
      refreshMs,
    );
  }

  protected abstract load(signal: AbortSignal): Promise<Value>;

  /** The link to the list. */
  protected abstract back(): TemplateResult;

  /** The heading, also while the value loads. */
  protected abstract head(value: Value | undefined): TemplateResult;

  protected abstract shown(value: Value): TemplateResult;

  /** Whether the value can no longer change, so that reloads stop. */
  protected isFinal(_value: Value): boolean {
    return false;
  }

  protected get value(): Value | undefined {
    return this.loader.value;
  }

  protected reload(): Promise<void> {
    return this.loader.run();
  }

  protected override firstUpdated(): void {
    void this.reload();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<div class="stack loose">
      <div class="stack tight">${this.back()} ${this.head(value)}</div>
      ${value && error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
      ${
        value
          ? this.shown(value)
          : html`<div class="card">${error ? failure(error, () => void this.reload()) : loadingRows(6)}</div>`
      }
    </div>`;
  }
}
