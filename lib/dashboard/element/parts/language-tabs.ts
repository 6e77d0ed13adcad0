import { html, type PropertyValues, type TemplateResult } from 'lit';
import { InnerElement } from '../texts/inner-element.js';
import { t } from '../texts/t.js';

const REMEMBERED = 'webhooks-dashboard.language';
const KEYS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export interface LanguageTab {
  readonly language: string;
  readonly label: string;
  readonly content: unknown;
}

/**
 * Shows the same content in several programming languages, one at a time. The browser remembers the reader's
 * choice.
 */
export class WebhooksLanguages extends InnerElement {
  static override properties = {
    languages: { attribute: false },
    wanted: { attribute: false },
    language: { state: true },
  };
  declare languages: readonly LanguageTab[];
  /** The language that the address asks for. */
  declare wanted: string | undefined;
  declare private language: string;

  constructor() {
    super();
    this.language = remembered();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('wanted') && this.wanted !== undefined) this.language = this.wanted;
  }

  protected override render(): TemplateResult {
    const all = this.languages;
    const shown = all.find(({ language }) => language === this.language) ?? all[0]!;
    return html`<div class="snippet">
      <div class="snippet-tabs" role="tablist" aria-label=${t('guide.language')} @keydown=${this.move}>
        ${all.map(
          (tab) =>
            html`<button
              type="button"
              role="tab"
              id="language-${tab.language}"
              aria-controls="language-content"
              aria-selected=${tab === shown}
              tabindex=${tab === shown ? 0 : -1}
              @click=${() => this.choose(tab.language)}
            >
              ${tab.label}
            </button>`,
        )}
      </div>
      <div
        class="snippet-content"
        id="language-content"
        role="tabpanel"
        aria-labelledby="language-${shown.language}"
      >
        ${shown.content}
      </div>
    </div>`;
  }

  private choose(language: string): void {
    this.language = language;
    try {
      localStorage.setItem(REMEMBERED, language);
    } catch {
      // The browser blocks storage, so the choice is not remembered.
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
