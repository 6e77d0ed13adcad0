import type { TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import { Loader } from '../state/loader.js';
import { InnerElement } from '../texts/inner-element.js';
import { modal } from './modal.js';
import { failure, loadingRows } from './states.js';

/** The script of what few need. */
export const later = (): Promise<typeof import('../later.js')> => import('../later.js');

/**
 * A part of the dashboard that few open. All such parts have one script, which comes when the first of them is shown: until then there are
 * lines, or what went wrong with a way to try again. (With a script for each, the bundler would cut the element in two.)
 */
export class WebhooksLater extends InnerElement {
  static override properties = {
    heading: { attribute: false },
    content: { attribute: false },
  };
  /** Of a dialog, where it is one; `@close` asks for it to go. */
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
