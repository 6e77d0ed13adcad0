import { html, type TemplateResult } from 'lit';
import type { TimeRange } from '../api/webhooks-api.js';
import { describedBy, field } from './field.js';
import { fromLocalInput, toLocalInput } from './local-time.js';
import { repeatedHour } from './repeated-hour.js';
import { t } from '../texts/t.js';

/** Epoch ms; `undefined` if the field is empty or incomplete. */
export interface RecoverRange {
  readonly since: number | undefined;
  readonly until: number | undefined;
}

export function timesOf({ since, until }: RecoverRange): TimeRange | undefined {
  if (since === undefined) return undefined;
  return until === undefined ? { since } : { since, until };
}

/** Returns the name of the wrong field, and the problem. */
export function rangeProblem({ since = 0, until }: Partial<TimeRange> = {}): [string, string] | undefined {
  if (until !== undefined && since >= until) return ['until', t('recover.end-problem')];
  return since >= Date.now() ? ['since', t('recover.start-problem')] : undefined;
}

/** Rounds down to the minute, as the field shows it. */
export const wholeMinute = (time: number): number => time - (time % 60_000);

const HOUR = 3_600_000;
const SHORTCUTS = [
  ['period.1h', HOUR],
  ['period.24h', 24 * HOUR],
  ['period.7d', 168 * HOUR],
] as const;

/** The fields for the start and end of the period. The keys of `problems` are the fields' names. */
export function recoverFields(
  range: RecoverRange,
  problems: ReadonlyMap<string, string>,
  change: (changes: Partial<RecoverRange>) => void,
): TemplateResult {
  const input = (name: keyof RecoverRange, label: string): TemplateResult =>
    html`<input
        class="input"
        id="recover-${name}"
        type="datetime-local"
        .value=${toLocalInput(range[name])}
        ?required=${name === 'since'}
        aria-invalid=${problems.has(name)}
        aria-describedby=${describedBy(`recover-${name}`)}
        @input=${(event: Event) =>
          change({ [name]: fromLocalInput((event.target as HTMLInputElement).value, range[name]) })}
      />${repeatedHour(range[name], label, (time) => change({ [name]: time }))}`;
  return html`<div class="recover-range">
      ${field({ id: 'recover-since', label: t('recover.since'), problem: problems.get('since'), control: input('since', t('recover.since')) })}
      ${field({
        id: 'recover-until',
        label: html`${t('recover.until')} <span class="muted">${t('recover.optional')}</span>`,
        hint: t('recover.until.hint'),
        problem: problems.get('until'),
        control: input('until', t('recover.until')),
      })}
    </div>
    <div class="row" role="group" aria-label=${t('recover.since')}>
      ${SHORTCUTS.map(
        ([key, length]) =>
          html`<button
            type="button"
            class="button small"
            @click=${() => change({ since: wholeMinute(Date.now() - length), until: undefined })}
          >
            ${t(key)}
          </button>`,
      )}
    </div>`;
}
