import { html, type TemplateResult } from 'lit';
import type { TimeRange } from '../api/webhooks-api.js';
import { describedBy, field } from './field.js';
import { fromLocalInput, toLocalInput } from './local-time.js';

/** As `<input type="datetime-local">` gives them. */
export interface RecoverRange {
  readonly since: string;
  readonly until: string;
}

/** `undefined` where there is no whole time. */
export function timesOf(range: RecoverRange): TimeRange | undefined {
  const since = fromLocalInput(range.since);
  const until = fromLocalInput(range.until);
  if (since === undefined) return undefined;
  return until === undefined ? { since } : { since, until };
}

/** The field that is wrong, and why. */
export function rangeProblem({ since = 0, until }: Partial<TimeRange> = {}): [string, string] | undefined {
  if (until !== undefined && since >= until) return ['until', 'The end must be after the start.'];
  return since >= Date.now() ? ['since', 'The start must be in the past.'] : undefined;
}

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
  const input = (name: keyof RecoverRange): TemplateResult =>
    html`<input
      class="input"
      id="recover-${name}"
      type="datetime-local"
      .value=${range[name]}
      ?required=${name === 'since'}
      aria-invalid=${problems.has(name)}
      aria-describedby=${describedBy(`recover-${name}`)}
      @input=${(event: Event) => change({ [name]: (event.target as HTMLInputElement).value })}
    />`;
  return html`<div class="recover-range">
      ${field({ id: 'recover-since', label: 'Since', problem: problems.get('since'), control: input('since') })}
      ${field({
        id: 'recover-until',
        label: html`Until <span class="muted">(optional)</span>`,
        hint: 'Up to now where it is empty.',
        problem: problems.get('until'),
        control: input('until'),
      })}
    </div>
    <div class="row" role="group" aria-label="Since">
      ${SHORTCUTS.map(
        ([text, length]) =>
          html`<button
            type="button"
            class="button small"
            @click=${() => change({ since: toLocalInput(Date.now() - length), until: '' })}
          >
            ${text}
          </button>`,
      )}
    </div>`;
}
