import type { TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import { Loader } from '../state/loader.js';
import { InnerElement } from '../texts/inner-element.js';
import { modal } from './modal.js';
import { failure, loadingRows } from './states.js';

/** Loads the second script, with the parts that few readers need. */
export const later = (): Promise<typeof import('../later.js')> => import('../later.js');

/**
 * Shows a part of the dashboard from the second script, which loads when its first part is shown. Until then,
 * this shows grey lines, or an error with a button that tries again. All such parts share one script, because
 * with more of them the bundler would split the element itself.
 */
export class WebhooksLater extends InnerElement {
  static override properties = {
    heading: { attribute: false },
    content: { attribute: false },
  };
  /** The heading, if the part is a dialog. `@close` then asks the parent to remove it. */
  declare heading: string | undefined;
  declare content: () => unknown;

  private readonly loader = new Loader(this, async () => {
    try {
      return await later();
    } catch (error) {
      console.error(error);
      throw new ApiError('', 0, 'script');
    }
  });

  protected override firstUpdated(): void {
    void this.loader.run();
  }

  protected override render(): unknown {
    const { value, error, loading } = this.loader;
    if (value) return this.content();
    const body = error && !loading ? failure(error, () => void this.loader.run()) : loadingRows(4);
    return this.heading === undefined ? body : this.dialog(this.heading, body);
  }

  private dialog(heading: string, body: TemplateResult): TemplateResult {
    return modal({ heading, body, close: () => this.dispatchEvent(new Event('close')) });
  }
}
