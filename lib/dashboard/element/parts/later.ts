import type { TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import { Loader } from '../state/loader.js';
import { InnerElement } from '../texts/inner-element.js';
import { modal } from './modal.js';
import { failure, loadingRows } from './states.js';

/** Each is built beside the element, with texts of its own, and shares what the element has. */
export const SCRIPTS = {
  changes: () => import('../changes.js'),
  export: () => import('../export.js'),
  advanced: () => import('../advanced.js'),
};

/** What a script brings that comes when it is first shown: until then lines, or what went wrong with a way to try again. */
export class WebhooksLater extends InnerElement {
  static override properties = {
    script: {},
    heading: { attribute: false },
    content: { attribute: false },
  };
  declare script: keyof typeof SCRIPTS;
  /** Of a dialog, where it is one; `@close` asks for it to go. */
  declare heading: string | undefined;
  declare content: () => unknown;

  private readonly loader = new Loader(this, async () => {
    try {
      return await SCRIPTS[this.script]();
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
