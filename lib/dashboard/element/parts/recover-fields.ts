import { html, type TemplateResult } from 'lit';
import type { TimeRange } from '../api/webhooks-api.js';
import { describedBy, field } from './field.js';
import { fromLocalInput, toLocalInput } from './local-time.js';
import { repeatedHour } from './repeated-hour.js';

/** Epoch ms; `undefined` where there is no whole time. */
export interface RecoverRange {
  readonly since: number | undefined;
  readonly until: number | undefined;
}

export function timesOf({ since, until }: RecoverRange): TimeRange | undefined {
  if (since === undefined) return undefined;
  return until === undefined ? { since } : { since, until };
}

/** The field that is wrong, and why. */
export function rangeProblem({ since = 0, until }: Partial<TimeRange> = {}): [string, string] | undefined {
  if (until !== undefined && since >= until) return ['until', 'The end must be after the start.'];
  return since >= Date.now() ? ['since', 'The start must be in the past.'] : undefined;
}

/** As the field shows it. */
export const wholeMinute = (time: number): number => time - (time % 60_000);

const HOUR = 3_600_000;
const SHORTCUTS: readonly (readonly [string, number])[] = [
  ['Last hour', HOUR],
  ['Last 24 hours', 24 * HOUR],
  ['Last 7 days', 168 * HOUR],
];

/** From when and until when. `problems` are by field. */
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
      ${field({ id: 'recover-since', label: 'Since', problem: problems.get('since'), control: input('since', 'Since') })}
      ${field({
        id: 'recover-until',
        label: html`Until <span class="muted">(optional)</span>`,
        hint: 'Leave empty for now.',
        problem: problems.get('until'),
        control: input('until', 'Until'),
      })}
    </div>
    <div class="row" role="group" aria-label="Since">
      ${SHORTCUTS.map(
        ([text, length]) =>
          html`<button
            type="button"
            class="button small"
            @click=${() => change({ since: wholeMinute(Date.now() - length), until: undefined })}
          >
            ${text}
          </button>`,
      )}
    </div>`;
}
