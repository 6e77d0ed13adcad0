import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { covers } from '../parts/event-patterns.js';
import { filterFields } from '../parts/filter-fields.js';
import { dates } from '../parts/time.js';
import { language } from '../texts/language.js';
import { rich, t } from '../texts/t.js';
import { chosenForm, TEMPLATE } from './draft.js';
import { input, select } from './inputs.js';
import type { AdvancedForm } from './advanced.view.js';

/** For these we have a name and a description. The app describes its own. */
const BUILT_IN = new Set([
  'envelope',
  'standard-webhooks',
  'cloudevents',
  'cloudevents-binary',
  'slack',
  'teams',
] as const);
type BuiltIn = typeof BUILT_IN extends Set<infer Name> ? Name : never;
const isBuiltIn = (name: string): name is BuiltIn => BUILT_IN.has(name as BuiltIn);

/** A version retires at the start of a day in UTC. */
const days = dates({ dateStyle: 'medium', timeZone: 'UTC' });

export function formatFields(form: AdvancedForm): TemplateResult {
  const { draft, set, problems, settings } = form;
  const { representation } = draft;
  const names = settings.representations.map(({ name }) => name);
  // Shows the stored representation even if the app no longer offers it.
  const known =
    names.includes(representation) || representation === TEMPLATE ? names : [representation, ...names];
  return html`${select({
    id: 'representation',
    label: t('representation'),
    hint: html`${t('format.hint')} ${sentence(form)}`,
    // Problems of a template are shown below it.
    problem: representation === TEMPLATE ? undefined : problems.get('representation'),
    value: representation,
    options: [
      ...known.map((name) => [name, isBuiltIn(name) ? t(`format.${name}`) : name] as const),
      [TEMPLATE, t('format.template')],
    ],
    change: (next) => set({ representation: next }),
  })}
  ${representation === TEMPLATE ? templateField(form) : nothing} ${versionField(form)} ${preview(form)}`;
}

function sentence({ draft: { representation }, settings }: AdvancedForm): unknown {
  if (representation === TEMPLATE)
    return rich('format.template.text', { example: html`<code>${'{{data}}'}</code>` });
  if (isBuiltIn(representation)) return t(`format.${representation}.text`);
  return settings.representations.find(({ name }) => name === representation)?.description;
}

function templateField(form: AdvancedForm): TemplateResult {
  const { draft, set, problems, types, events } = form;
  const paths = ['id', 'event_type', 'created_at', 'data', ...filterFields(types, events).keys()];
  const problem = [...problems].find(([key]) => key.startsWith('representation'))?.[1];
  return html`<div class="stack snug">
    ${input({
      id: 'template',
      label: t('template.label'),
      problem,
      value: draft.template,
      rows: 8,
      change: (template) => set({ template }),
    })}
    <select class="input insert" aria-label=${t('template.insert')} @change=${insert}>
      <option value="">${t('template.insert')}</option>
      ${[...new Set(paths)].map((path) => html`<option class="mono">${path}</option>`)}
    </select>
  </div>`;
}

/** Inserts a text at the cursor. */
function insert(event: Event): void {
  const chooser = event.target as HTMLSelectElement;
  const text = (chooser.getRootNode() as ShadowRoot).querySelector<HTMLTextAreaElement>('#template')!;
  text.setRangeText(`{{${chooser.value}}}`, text.selectionStart, text.selectionEnd, 'end');
  chooser.value = '';
  text.dispatchEvent(new Event('input'));
  text.focus();
}

function versionField({ draft, set, problems, settings, endpoint }: AdvancedForm): unknown {
  const { versions } = settings;
  if (versions.length === 0) return nothing;
  const offered = versions.filter(
    ({ version, retiresAt }) =>
      version === endpoint?.version || retiresAt === null || Date.parse(retiresAt) > Date.now(),
  );
  const newest = versions.at(-1)!.version;
  const chosen = versions.find(({ version }) => version === draft.version);
  return select({
    id: 'version',
    label: t('settings.version'),
    hint: html`${t('version.hint')} ${chosen?.description}`,
    problem: problems.get('version'),
    value: draft.version,
    options: offered.map(({ version, retiresAt }) => [
      version,
      version === newest
        ? t('version.newest', { version })
        : retiresAt === null
          ? version
          : t('version.retires', { version, date: language().format(days).format(Date.parse(retiresAt)) }),
    ]),
    change: (version) => set({ version }),
  });
}

/** Previews an event if its form differs from the one in the guide. */
function preview({ draft, types, events, context, settings }: AdvancedForm): unknown {
  const newest = settings.versions.at(-1)?.version ?? '';
  if (draft.representation === 'envelope' && draft.version === newest) return nothing;
  const own = types.filter(({ type }) => covers(new Set(events), type));
  const shown: readonly WebhookEventTypeDescription[] = own.length > 0 ? own : types;
  return html`<webhooks-form-preview
    .context=${context}
    .types=${shown}
    .representation=${chosenForm(draft)}
    .version=${draft.version}
  ></webhooks-form-preview>`;
}
