import { html, nothing, type TemplateResult } from 'lit';
import { dates, TO_THE_SECOND } from '../parts/time.js';
import { language } from '../texts/language.js';

const stamped = dates({ year: 'numeric', ...TO_THE_SECOND });

/** A whole time with its zone: colleagues in other zones read it, too. */
export function stamp(iso: string | null): TemplateResult | typeof nothing {
  if (iso === null) return nothing;
  return html`<time datetime=${iso}>${language().format(stamped).format(new Date(iso))}</time>`;
}
