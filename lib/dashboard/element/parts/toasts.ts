import { html, nothing, type TemplateResult } from 'lit';
import { InnerElement } from '../texts/inner-element.js';
import type { Language } from '../texts/language.js';

const SHOWN_MS = 6_000;
/** Long enough to reach the button. */
const WITH_ACTION_MS = 15_000;

export interface ToastAction {
  readonly label: () => string;
  readonly run: () => void;
}

export interface Toast {
  /** Renders the message in the current language. */
  readonly message: () => string | TemplateResult;
  readonly kind: 'success' | 'error';
  readonly action?: ToastAction | undefined;
}

/**
 * Messages that disappear after some seconds, and are read aloud by screen readers. A message with a button
 * stays while it has the pointer or the focus. From the element that had the focus, Tab moves to the button;
 * from there, Shift+Tab moves back, and Tab moves on.
 */
export class WebhooksToasts extends InnerElement {
  static override properties = { language: { attribute: false }, toasts: { state: true } };
  /** The dashboard's language. A change renders all messages again. */
  declare language: Language;
  declare private toasts: readonly Toast[];
  /** The element that had the focus when the last message with a button appeared. */
  private opener: HTMLElement | undefined;

  constructor() {
    super();
    this.toasts = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.root.addEventListener('keydown', this.move);
  }

  override disconnectedCallback(): void {
    this.root.removeEventListener('keydown', this.move);
    super.disconnectedCallback();
  }

  add(toast: Toast): void {
    this.toasts = [...this.toasts.slice(-2), toast];
    if (toast.action) this.opener = (this.root as ShadowRoot).activeElement as HTMLElement | undefined;
    this.expire(toast);
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status">
      ${this.toasts.map(
        (toast) =>
          html`<div class="toast ${toast.kind}">
            <span>${toast.message()}</span>
            ${
              toast.action
                ? html`<button type="button" class="button small" @click=${() => this.run(toast)}>
                    ${toast.action.label()}
                  </button>`
                : nothing
            }
          </div>`,
      )}
    </div>`;
  }

  private get root(): Node {
    return this.getRootNode();
  }

  private expire(toast: Toast): void {
    window.setTimeout(
      () => {
        if (toast.action && this.matches(':hover, :focus-within')) this.expire(toast);
        else this.drop(toast);
      },
      toast.action ? WITH_ACTION_MS : SHOWN_MS,
    );
  }

  private run(toast: Toast): void {
    this.drop(toast);
    toast.action!.run();
  }

  private drop(toast: Toast): void {
    if (this.matches(':focus-within')) this.opener?.focus();
    this.toasts = this.toasts.filter((other) => other !== toast);
  }

  private readonly move = (event: Event): void => {
    const { key, shiftKey, target } = event as KeyboardEvent;
    const toast = this.toasts.findLast(({ action }) => action);
    if (!toast || !this.opener?.isConnected) return;
    const isInside = this.contains(target as Node);
    if (isInside && key === 'Escape') this.drop(toast);
    if (key !== 'Tab') return;
    if (isInside) {
      // From here, the browser's own handling of Tab moves on to the next element.
      this.opener.focus();
      if (shiftKey) event.preventDefault();
      this.opener = undefined;
    } else if (target === this.opener && !shiftKey) {
      event.preventDefault();
      [...this.querySelectorAll('button')].at(-1)!.focus();
    }
  };
}
