import { html, nothing, type TemplateResult } from 'lit';
import { field } from '../../parts/field.js';
import { fromLocalInput } from '../../parts/local-time.js';
import { t } from '../../texts/t.js';
import { startJob } from '../acts.js';
import type { JobRequest } from '../operator-api.js';
import type { OperatorJobView } from '../operator-types.js';
import { OperatorView } from '../operator-view.js';
import { backLink } from '../parts.js';

type Kind = OperatorJobView['kind'];
const KINDS = ['recover', 'resend', 'move', 'erase'] as const satisfies readonly Kind[];

/** The fields of each kind, in the order of the form. */
const FIELDS = {
  recover: ['tenant', 'endpointId', 'type', 'from', 'until', 'perSecond'],
  resend: ['tenant', 'endpointId', 'type', 'status', 'from', 'until', 'perSecond'],
  move: ['endpointId', 'target', 'type', 'from', 'until', 'perSecond'],
  erase: ['tenant', 'field', 'equals'],
} as const;
type Field = (typeof FIELDS)[Kind][number];

const NEEDED: Readonly<Record<Kind, readonly Field[]>> = {
  recover: ['from'],
  resend: [],
  move: ['endpointId', 'target'],
  erase: [],
};
const STATUSES = ['', 'failed', 'canceled', 'succeeded'] as const;

type ScalarType = 'string' | 'number' | 'boolean';

/** Reads a typed value. In quotes, or where a number would lose digits, it is a text. */
function scalarOf(typed: string): string | number | boolean {
  const text = typed.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^".*"$/.test(text)) return text.slice(1, -1);
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The form of a new job. It counts and asks for a confirmation before the job starts. */
export class JobFormView extends OperatorView {
  static override properties = { ...super.properties, values: { state: true }, problem: { state: true } };
  declare private values: Readonly<Partial<Record<Field | 'kind', string>>>;
  declare private problem: (() => string) | undefined;

  constructor() {
    super();
    this.values = {};
  }

  protected override async reload(): Promise<void> {}

  private get kind(): Kind {
    const asked = this.values.kind ?? this.query.kind;
    return KINDS.find((kind) => kind === asked) ?? 'recover';
  }

  private textOf(name: Field): string {
    return this.values[name] ?? (name === 'perSecond' ? '50' : (this.query[name] ?? ''));
  }

  protected override render(): TemplateResult {
    const { kind } = this;
    return html`<form class="stack form" @submit=${this.submit} novalidate>
      <div class="stack tight">
        ${backLink(this.context, { section: 'jobs' }, t('ops.nav.jobs'))}
        <h2 tabindex="-1">${t('ops.job.new')}</h2>
      </div>
      <div class="card padded stack">
        ${field({
          id: 'job-kind',
          label: t('ops.job.kind'),
          hint: t(`ops.job.text.${kind}`),
          control: html`<select
            class="input"
            id="job-kind"
            aria-describedby="job-kind-hint"
            @change=${(event: Event) => this.set('kind', (event.target as HTMLSelectElement).value)}
          >
            ${KINDS.map((one) => html`<option value=${one} .selected=${one === kind}>${t(`ops.job.kind.${one}`)}</option>`)}
          </select>`,
        })}
        <div class="pair">${FIELDS[kind].map((name) => this.field(name))}</div>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem()}</p>` : nothing}
      </div>
      <div><button type="submit" class="button primary">${t('ops.job.preview')}</button></div>
    </form>`;
  }

  private field(name: Field): TemplateResult {
    const id = `job-${name}`;
    const needed = NEEDED[this.kind].includes(name) || (this.kind === 'erase' && name === 'tenant');
    const set = (event: Event): void => this.set(name, (event.target as HTMLInputElement).value);
    const control =
      name === 'status'
        ? html`<select class="input" id=${id} @change=${set}>
            ${STATUSES.map(
              (status) =>
                html`<option value=${status} .selected=${status === this.textOf(name)}>
                  ${status === '' ? t('ops.job.undelivered') : t(`status.${status}`)}
                </option>`,
            )}
          </select>`
        : html`<input
            class="input"
            id=${id}
            type=${name === 'from' || name === 'until' ? 'datetime-local' : name === 'perSecond' ? 'number' : 'text'}
            autocomplete="off"
            ?required=${needed}
            aria-describedby=${name === 'equals' ? `${id}-hint` : nothing}
            .value=${this.textOf(name)}
            @input=${set}
          />`;
    const value =
      name === 'equals' && this.textOf(name).trim() !== '' ? scalarOf(this.textOf(name)) : undefined;
    const hint = value === undefined ? undefined : t(`ops.job.equals.${typeof value as ScalarType}`);
    return field({ id, label: t(`ops.job.field.${name}`), hint, control });
  }

  private set(name: Field | 'kind', value: string): void {
    this.values = { ...this.values, [name]: value };
    this.problem = undefined;
  }

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    const missing = NEEDED[this.kind].find((name) => this.textOf(name) === '');
    if (missing) {
      this.problem = () => t('ops.job.missing', { field: t(`ops.job.field.${missing}`) });
      return;
    }
    const started = (id: string): void => this.context.go({ section: 'jobs', id });
    this.context.ask(startJob(this.context, this.request(), started));
  };

  private request(): JobRequest {
    const { kind } = this;
    const taken = new Set<string>(FIELDS[kind]);
    const text = (name: Field): string | undefined =>
      (taken.has(name) && this.textOf(name).trim()) || undefined;
    const filter = {
      tenant: kind === 'erase' ? this.textOf('tenant').trim() : text('tenant'),
      endpointId: text('endpointId'),
      type: text('type'),
      status: text('status'),
      from: fromLocalInput(text('from') ?? ''),
      to: fromLocalInput(text('until') ?? ''),
    };
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    const where = text('field');
    return {
      kind,
      filter: given,
      ...(text('perSecond') ? { perSecond: Number(text('perSecond')) } : {}),
      ...(text('target') ? { to: text('target')! } : {}),
      ...(where ? { where: { field: where, equals: scalarOf(text('equals') ?? '') } } : {}),
    };
  }
}
