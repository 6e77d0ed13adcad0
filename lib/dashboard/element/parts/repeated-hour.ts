import { html, nothing, type TemplateResult } from 'lit';
import { instantsOf } from './local-time.js';

const zoned = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** Which of two times is meant, where the clocks are set back and the hour comes twice. @param label of the field */
export function repeatedHour(
  time: number | undefined,
  label: string,
  pick: (time: number) => void,
): TemplateResult | typeof nothing {
  const instants = time === undefined ? [] : instantsOf(time);
  if (instants.length < 2) return nothing;
  return html`<select
    class="input"
    aria-label="${label}: this hour comes twice"
    @change=${(event: Event) => pick(Number((event.target as HTMLSelectElement).value))}
  >
    ${instants.map(
      (instant) =>
        html`<option value=${instant} .selected=${instant === time}>${zoned.format(instant)}</option>`,
    )}
  </select>`;
}
