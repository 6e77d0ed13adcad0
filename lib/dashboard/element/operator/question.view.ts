import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { describedBy, field } from '../parts/field.js';
import { modal } from '../parts/modal.js';
import { messageOf } from '../texts/error-texts.js';
import { InnerElement } from '../texts/inner-element.js';
import { t } from '../texts/t.js';
import type { Question } from './operator-view.js';

/** Asks for a confirmation, and shows how much is affected. Emits `@close` to be closed, and `@done` after the act. */
export class QuestionView extends InnerElement {
  static override properties = {
    question: { attribute: false },
    counted: { state: true },
    reason: { state: true },
    typed: { state: true },
    problem: { state: true },
    isRunning: { state: true },
  };
  declare question: Question;
  declare private counted: (() => unknown) | undefined;
  declare private reason: string;
  declare private typed: string;
  declare private problem: (() => string) | undefined;
  declare private isRunning: boolean;

  constructor() {
    super();
    this.reason = '';
    this.typed = '';
    this.isRunning = false;
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.question.concerns?.().then(
      (counted) => (this.counted = counted),
      (error: unknown) => (this.problem = () => messageOf(error)),
    );
  }

  protected override render(): TemplateResult {
    const { question } = this;
    return modal({
      heading: question.heading(),
      body: html`<form id="question" class="stack" @submit=${this.submit}>
        <p>${question.text()}</p>
        ${question.concerns ? this.concerns() : nothing} ${this.reasonField()} ${this.typedField()}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem()}</p>` : nothing}
      </form>`,
      foot: html`<button type="button" class="button" @click=${this.close}>${t('cancel')}</button>
        <button
          type="submit"
          form="question"
          class="button ${question.isDanger ? 'danger' : 'primary'}"
          aria-disabled=${this.isRunning}
        >
          ${question.confirm()}
        </button>`,
      close: this.close,
    });
  }

  private concerns(): TemplateResult {
    return html`<p role="status" class="concerns">
      ${this.counted ? this.counted() : this.problem ? nothing : html`<span class="muted">${t('ops.counting')}</span>`}
    </p>`;
  }

  private reasonField(): unknown {
    const { reason } = this.question;
    if (!reason) return nothing;
    return field({
      id: 'reason',
      label: t(reason.isNeeded ? 'ops.reason' : 'ops.reason.optional'),
      hint: reason.hint(),
      control: html`<input
        class="input"
        id="reason"
        maxlength="500"
        ?required=${reason.isNeeded}
        aria-describedby=${describedBy('reason')}
        .value=${this.reason}
        @input=${(event: Event) => (this.reason = (event.target as HTMLInputElement).value)}
      />`,
    });
  }

  private typedField(): unknown {
    const { typed } = this.question;
    if (typed === undefined) return nothing;
    return field({
      id: 'typed',
      label: t('ops.type-to-confirm', { text: typed }),
      control: html`<input
        class="input mono"
        id="typed"
        autocomplete="off"
        .value=${this.typed}
        @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
      />`,
    });
  }

  private readonly close = (): void => {
    this.dispatchEvent(new Event('close'));
  };

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { typed } = this.question;
    if (this.isRunning) return;
    if (typed !== undefined && this.typed !== typed) {
      this.problem = () => t('ops.type-to-confirm.wrong');
      return;
    }
    this.isRunning = true;
    this.problem = undefined;
    try {
      await this.question.run(this.reason.trim());
      this.dispatchEvent(new Event('done'));
    } catch (error) {
      this.problem = () => messageOf(error);
    }
    this.isRunning = false;
  };
}
