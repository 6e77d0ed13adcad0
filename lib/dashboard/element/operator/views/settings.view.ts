import { html, nothing, type TemplateResult } from 'lit';
import { field } from '../../parts/field.js';
import { duration } from '../../parts/time.js';
import { formatNumber, t } from '../../texts/t.js';
import { LIMITS, resetSettings, setSettings, type Limit } from '../acts.js';
import { OperatorDetailView } from '../detail.view.js';
import type { OperatorSettingsView } from '../operator-types.js';
import { backLink, keptFor, tenantName } from '../parts.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST = 1_000_000;
const KEPT = ['option', 'own', 'ever'] as const;
type Kept = (typeof KEPT)[number];
type Name = Limit | 'kept' | 'days';

/** The form of a tenant's retention and limits, with what the options say. */
export class SettingsView extends OperatorDetailView<OperatorSettingsView> {
  static override properties = { ...super.properties, values: { state: true }, problem: { state: true } };
  declare private values: Readonly<Partial<Record<Name, string>>>;
  declare private problem: (() => string) | undefined;

  constructor() {
    super();
    this.values = {};
  }

  protected override load(signal: AbortSignal): Promise<OperatorSettingsView> {
    return this.context.api.settings(this.tenant, signal);
  }

  private get tenant(): string {
    return this.query.tenant ?? '';
  }

  private get place(): { section: 'tenant'; query: { tenant: string } } {
    return { section: 'tenant', query: { tenant: this.tenant } };
  }

  protected override back(): TemplateResult {
    return backLink(this.context, this.place, tenantName(this.tenant));
  }

  protected override head(): TemplateResult {
    return html`<h2 tabindex="-1">${t('ops.settings')}</h2>`;
  }

  protected override shown(settings: OperatorSettingsView): TemplateResult {
    const { set, defaults } = settings;
    const isSet = Object.values(set).some((value) => value !== null);
    return html`<form class="stack form" novalidate @submit=${(event: Event) => this.submit(event, settings)}>
      <div class="card padded stack">
        <p class="muted">${t('ops.settings.text')}</p>
        <div class="pair">
          ${field({
            id: 'settings-kept',
            label: t('ops.settings.retention'),
            hint: t('ops.settings.retention.hint'),
            control: html`<select
              class="input"
              id="settings-kept"
              aria-describedby="settings-kept-hint"
              @change=${this.setting('kept')}
            >
              ${KEPT.map(
                (kept) =>
                  html`<option value=${kept} .selected=${kept === this.kept(settings)}>
                    ${kept === 'option' ? t('ops.settings.default', { value: keptFor(defaults.retentionMs) }) : t(`ops.settings.kept.${kept}`)}
                  </option>`,
              )}
            </select>`,
          })}
          ${
            this.kept(settings) === 'own'
              ? this.number('days', this.days(settings), { hint: t('ops.settings.days.hint') })
              : nothing
          }
        </div>
        <div class="pair">
          ${LIMITS.map((name) =>
            this.number(name, this.values[name] ?? set[name]?.toString() ?? '', {
              hint: t('ops.settings.default', { value: formatNumber(defaults[name]) }),
            }),
          )}
        </div>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem()}</p>` : nothing}
      </div>
      <div class="row">
        <button type="submit" class="button primary">${t('ops.settings.save')}</button>
        ${
          isSet
            ? html`<button
                type="button"
                class="button"
                @click=${() => this.context.ask(resetSettings(this.context, settings, () => this.leave()))}
              >
                ${t('ops.settings.reset')}
              </button>`
            : nothing
        }
      </div>
    </form>`;
  }

  private number(name: Limit | 'days', value: string, { hint }: { hint: string }): TemplateResult {
    const id = `settings-${name}`;
    return field({
      id,
      label: t(`ops.settings.${name}`),
      hint,
      control: html`<input
        class="input"
        id=${id}
        inputmode="decimal"
        autocomplete="off"
        aria-describedby="${id}-hint"
        .value=${value}
        @input=${this.setting(name)}
      />`,
    });
  }

  private setting(name: Name) {
    return (event: Event): void => {
      this.values = { ...this.values, [name]: (event.target as HTMLInputElement).value };
      this.problem = undefined;
    };
  }

  private kept({ set }: OperatorSettingsView): Kept {
    const chosen = this.values.kept as Kept | undefined;
    return chosen ?? (set.retention === null ? 'option' : set.retention === false ? 'ever' : 'own');
  }

  private days({ set, defaults }: OperatorSettingsView): string {
    const ms = typeof set.retention === 'number' ? set.retention : (defaults.retentionMs ?? DAY_MS);
    return this.values.days ?? String(ms / DAY_MS);
  }

  private leave(): void {
    this.context.go(this.place);
  }

  private submit(event: Event, settings: OperatorSettingsView): void {
    event.preventDefault();
    const kept = this.kept(settings);
    const retention =
      kept === 'own' ? Math.round(Number(this.days(settings).replace(',', '.')) * DAY_MS) : undefined;
    if (retention !== undefined && !(retention >= HOUR_MS)) return this.wrong('days');
    const limits: Partial<Record<Limit, number>> = {};
    for (const name of LIMITS) {
      const text = (this.values[name] ?? settings.set[name]?.toString() ?? '').trim();
      if (text === '') continue;
      const value = Number(text);
      if (!Number.isInteger(value) || value < 1 || value > MOST) return this.wrong(name);
      limits[name] = value;
    }
    const given = {
      ...(retention === undefined ? (kept === 'ever' ? { retention: false as const } : {}) : { retention }),
      ...limits,
    };
    const says = retention === undefined ? undefined : duration(retention);
    this.context.ask(setSettings(this.context, settings.tenant, given, says, () => this.leave()));
  }

  private wrong(name: Limit | 'days'): void {
    this.problem = () =>
      name === 'days'
        ? t('ops.settings.days.wrong')
        : t('ops.settings.wrong', { field: t(`ops.settings.${name}`), most: MOST });
    this.renderRoot.querySelector<HTMLElement>(`#settings-${name}`)?.focus();
  }
}
