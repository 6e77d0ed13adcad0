import { html, nothing, type TemplateResult } from 'lit';
import { language } from '../texts/language.js';
import { instantsOf } from './local-time.js';
import { dates } from './time.js';
import { t } from '../texts/t.js';

const zoned = dates({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });

/**
 * Lets the reader choose between two times that look alike because clocks were set back.
 * @param label the field's label
 */
export function repeatedHour(
  time: number | undefined,
  label: string,
  pick: (time: number) => void,
): TemplateResult | typeof nothing {
  const instants = time === undefined ? [] : instantsOf(time);
  if (instants.length < 2) return nothing;
  const { format } = language().format(zoned);
  return html`<select
    class="input"
    aria-label=${t('time.comes-twice', { label })}
    @change=${(event: Event) => pick(Number((event.target as HTMLSelectElement).value))}
  >
    ${instants.map(
      (instant) => html`<option value=${instant} .selected=${instant === time}>${format(instant)}</option>`,
    )}
  </select>`;
}
