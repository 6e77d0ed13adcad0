import { html, nothing, type TemplateResult } from 'lit';
import { InnerElement } from '../texts/inner-element.js';
import { icon } from './icon.js';
import { t } from '../texts/t.js';

/**
 * A native modal dialog. The rest of the page is inert, Escape closes the dialog, and the focus returns to
 * its previous place. The dialog is open while it is rendered; `@close` asks the parent to remove it.
 */
export class WebhooksModal extends InnerElement {
  static override properties = {
    heading: { attribute: false },
    kind: {},
    body: { attribute: false },
    foot: { attribute: false },
    tools: { attribute: false },
  };
  declare heading: unknown;
  /** `''`, `wide` or `drawer`. */
  declare kind: string | undefined;
  declare body: unknown;
  declare foot: unknown;
  declare tools: unknown;
  private opener: Element | null = null;

  protected override render(): TemplateResult {
    return html`<dialog
      class=${this.kind ?? ''}
      aria-labelledby="modal-heading"
      @cancel=${this.cancel}
      @click=${this.clickOutside}
    >
      <div class="dialog-head">
        <h2 id="modal-heading">${this.heading}</h2>
        ${this.tools}
        <button
          type="button"
          class="button quiet icon"
          aria-label=${t('close')}
          autofocus
          @click=${this.askToClose}
        >
          ${icon('close')}
        </button>
      </div>
      <div class="dialog-body">${this.body}</div>
      ${this.foot ? html`<div class="dialog-foot">${this.foot}</div>` : nothing}
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.opener = (this.getRootNode() as Document | ShadowRoot).activeElement;
    this.querySelector('dialog')!.showModal();
  }

  override disconnectedCallback(): void {
    this.querySelector('dialog')?.close();
    // Browsers return the focus only if a dialog is closed, not if it is removed from the page.
    if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
    super.disconnectedCallback();
  }

  private readonly cancel = (event: Event): void => {
    event.preventDefault();
    this.askToClose();
  };

  private readonly clickOutside = (event: MouseEvent): void => {
    const dialog = event.currentTarget as HTMLDialogElement;
    if (event.target === dialog && !isInside(event, dialog.getBoundingClientRect())) this.askToClose();
  };

  private readonly askToClose = (): void => {
    this.dispatchEvent(new Event('close'));
  };
}

const isInside = ({ clientX, clientY }: MouseEvent, { left, right, top, bottom }: DOMRect): boolean =>
  clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;

interface ModalOptions {
  readonly heading: unknown;
  readonly body: unknown;
  readonly foot?: unknown;
  /** Controls next to the close button. */
  readonly tools?: unknown;
  readonly kind?: 'wide' | 'drawer' | '';
  readonly close: () => void;
}

export const modal = ({
  heading,
  body,
  foot,
  tools = nothing,
  kind = '',
  close,
}: ModalOptions): TemplateResult =>
  html`<webhooks-modal
    .heading=${heading}
    .body=${body}
    .foot=${foot}
    .tools=${tools}
    .kind=${kind}
    @close=${close}
  ></webhooks-modal>`;
