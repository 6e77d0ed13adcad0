import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { InnerElement } from '../texts/inner-element.js';
import { choice } from './choice.js';
import {
  covers,
  groupsOf,
  isKnown,
  sharedWildcard,
  withGroup,
  withoutTypes,
  type EventGroup,
} from './event-patterns.js';
import { t } from '../texts/t.js';

const FILTER_FROM = 13;

/** Lets the reader choose event types by group. The `detail` of `@events-picked` holds the new patterns. */
export class WebhooksEventPicker extends InnerElement {
  static override properties = {
    types: { attribute: false },
    value: { attribute: false },
    problem: { attribute: false },
    filter: { state: true },
  };
  declare types: readonly WebhookEventTypeDescription[];
  declare value: readonly string[];
  declare problem: string | undefined;
  declare private filter: string;
  /**
   * Chosen patterns that the catalogue no longer has. They stay in the list, so that an unticked one can be
   * ticked again.
   */
  private readonly gone = new Set<string>();
  /** What was chosen before the reader ticked "all events". */
  private chosenBefore: readonly string[] = [];

  constructor() {
    super();
    this.filter = '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('value') && !changed.has('types')) return;
    for (const pattern of this.value) if (!isKnown(pattern, this.catalogue)) this.gone.add(pattern);
  }

  protected override render(): TemplateResult {
    const isAll = this.patterns.has('*');
    return html`<fieldset
      class="card picker"
      ?data-problem=${this.problem !== undefined}
      aria-describedby="events-count events-problem"
    >
      <legend class="sr-only">${t('picker.events')}</legend>
      <div class="picker-head">
        <span class="label" aria-hidden="true">${t('picker.events')}</span>
        <span class="hint numeric" id="events-count" aria-live="polite">${this.count()}</span>
        ${
          this.problem === undefined
            ? nothing
            : html`<p class="problem" id="events-problem">${this.problem}</p>`
        }
      </div>
      ${choice({
        checked: isAll,
        class: 'whole',
        label: t('all-events'),
        description: t('later-types'),
        change: this.pickAll,
      })}
      ${isAll ? nothing : this.parts()}
    </fieldset>`;
  }

  private get patterns(): ReadonlySet<string> {
    return new Set(this.value);
  }

  private get catalogue(): string[] {
    return this.types.map(({ type }) => type);
  }

  private count(): string {
    if (this.patterns.has('*')) return t('picker.all');
    const chosen = this.catalogue.filter((type) => covers(this.patterns, type)).length;
    return t('picker.chosen', { count: chosen, total: this.types.length });
  }

  private parts(): TemplateResult {
    const shown = groupsOf(this.types)
      .map((group) => ({ ...group, matching: group.types.filter((type) => matches(type, this.filter)) }))
      .filter(({ matching }) => matching.length > 0);
    return html`${this.types.length < FILTER_FROM ? nothing : this.filterBox()}
    ${repeat(
      shown,
      ({ name }) => name,
      ({ matching, ...group }) => this.group(group, matching),
    )}
    ${shown.length === 0 ? html`<p class="muted picker-none">${t('picker.none')}</p>` : nothing}
    ${this.gone.size > 0 ? this.goneTypes() : nothing}`;
  }

  private filterBox(): TemplateResult {
    return html`<div class="picker-filter">
      <input
        class="input"
        type="search"
        placeholder=${t('picker.filter')}
        aria-label=${t('picker.filter')}
        .value=${live(this.filter)}
        @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && event.preventDefault()}
      />
    </div>`;
  }

  /** The checkbox for the whole group appears only if the search hides none of its types. */
  private group({ name, types }: EventGroup, matching: EventGroup['types']): TemplateResult {
    const ids = types.map(({ type }) => type);
    const chosen = ids.filter((type) => covers(this.patterns, type)).length;
    const wildcard = sharedWildcard(ids, this.catalogue);
    const chip = wildcard && this.patterns.has(wildcard) ? html` <span class="chip">${wildcard}</span>` : '';
    const title = html`${name}${chip}
      <span class="muted numeric">${t('of-total', { count: chosen, total: ids.length })}</span>`;
    return html`<div class="picker-group" role="group" aria-label=${name}>
      ${
        matching.length < types.length
          ? html`<p class="whole">${title}</p>`
          : choice({
              checked: chosen === ids.length,
              partly: chosen > 0 && chosen < ids.length,
              class: 'whole',
              label: title,
              change: (checked) =>
                this.pick((checked ? withGroup : withoutTypes)(this.patterns, ids, this.catalogue)),
            })
      }
      <div class="picker-types">${matching.map((type) => this.type(type))}</div>
    </div>`;
  }

  private type({ type, description }: WebhookEventTypeDescription): TemplateResult {
    return choice({
      checked: covers(this.patterns, type),
      label: html`<code>${type}</code>`,
      description,
      change: (checked) =>
        this.pick(checked ? [...this.value, type] : withoutTypes(this.patterns, [type], this.catalogue)),
    });
  }

  private goneTypes(): TemplateResult {
    return html`<div class="picker-group" role="group" aria-label=${t('discontinued')}>
      <p class="whole">${t('discontinued')}</p>
      <p class="hint">${t('picker.gone')}</p>
      <div class="picker-types">
        ${[...this.gone].map((pattern) =>
          choice({
            checked: this.patterns.has(pattern),
            label: html`<code>${pattern}</code>`,
            change: (checked) =>
              this.pick(checked ? [...this.value, pattern] : this.value.filter((other) => other !== pattern)),
          }),
        )}
      </div>
    </div>`;
  }

  private readonly pickAll = (checked: boolean): void => {
    const before = this.value;
    this.pick(checked ? ['*'] : this.chosenBefore);
    this.chosenBefore = before.filter((pattern) => pattern !== '*');
  };

  private pick(patterns: readonly string[]): void {
    this.dispatchEvent(new CustomEvent('events-picked', { detail: patterns }));
  }
}

function matches({ type, group, description }: WebhookEventTypeDescription, filter: string): boolean {
  return `${type} ${group} ${description}`.toLowerCase().includes(filter.trim().toLowerCase());
}
