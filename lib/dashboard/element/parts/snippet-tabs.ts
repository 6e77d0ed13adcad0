import { LitElement, html, type TemplateResult } from 'lit';
import { snippets } from './snippets.js';

const REMEMBERED = 'webhooks-dashboard.language';
const KEYS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** How to verify a signature, in the reader's language, which is remembered. */
export class WebhooksSnippets extends LitElement {
  static override properties = { signatureHeader: { attribute: false }, language: { state: true } };
  declare signatureHeader: string;
  declare private language: string;

  constructor() {
    super();
    this.language = remembered();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const all = snippets(this.signatureHeader);
    const shown = all.find(({ language }) => language === this.language) ?? all[0]!;
    return html`<div class="snippet">
      <div class="snippet-head">
        <div class="snippet-tabs" role="tablist" aria-label="Language" @keydown=${this.move}>
          ${all.map(
            (snippet) =>
              html`<button
                type="button"
                role="tab"
                id="snippet-${snippet.language}"
                aria-controls="snippet-code"
                aria-selected=${snippet === shown}
                tabindex=${snippet === shown ? 0 : -1}
                @click=${() => this.choose(snippet.language)}
              >
                ${snippet.label}
              </button>`,
          )}
        </div>
        <webhooks-copy-button .text=${shown.code} label="Copy code"></webhooks-copy-button>
      </div>
      <pre
        id="snippet-code"
        role="tabpanel"
        tabindex="0"
        aria-labelledby="snippet-${shown.language}"
      ><code>${shown.code}</code></pre>
    </div>`;
  }

  private choose(language: string): void {
    this.language = language;
    try {
      localStorage.setItem(REMEMBERED, language);
    } catch {
      // Blocked by the browser: then it is not remembered.
    }
  }

  private readonly move = (event: KeyboardEvent): void => {
    const tabs = [...this.querySelectorAll<HTMLElement>('[role=tab]')];
    const next = KEYS[event.key]?.(tabs.indexOf(event.target as HTMLElement), tabs.length);
    if (next === undefined) return;
    event.preventDefault();
    tabs[next]!.click();
    tabs[next]!.focus();
  };
}

function remembered(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? '';
  } catch {
    return '';
  }
}
