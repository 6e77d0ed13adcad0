import { fieldProblem, type AnyCoded } from '../domain/field-problems.js';
import type { EventCatalogue, WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { knowsPath } from '../config/known-path.js';
import type { Representations } from '../config/representations.js';
import type { RepresentationChoice } from '../domain/representation/choice.js';
import { readTemplate, type Placeholder } from '../domain/representation/template.js';
import { quoted, singleLine } from '../domain/shown-text.js';
import type { WebhookFieldProblem } from '../domain/webhooks.error.js';

interface Rules {
  readonly catalogue: EventCatalogue;
  readonly representations: Representations;
  /** Epoch ms. */
  readonly now: number;
}

interface Asked {
  readonly representation: RepresentationChoice | null;
  readonly events: readonly string[];
  readonly version: string | null;
}

const FIELD = 'representation';

/**
 * Lists what is wrong with the form that an endpoint chooses, or with that form for its events. Present values may
 * stay.
 * @param asked `undefined` values stay as they are
 */
export function representationProblems(
  asked: { readonly [Name in keyof Asked]: Asked[Name] | undefined },
  rules: Rules,
  stored?: Asked,
): WebhookFieldProblem[] {
  const { representation = stored?.representation, events = stored?.events ?? [] } = asked;
  const { version = stored ? stored.version : rules.representations.versions.newest } = asked;
  if (representation === undefined || representation === null) return [];
  if (typeof representation === 'string')
    return representation === stored?.representation ? [] : nameProblems(representation, rules);
  const { versions } = rules.representations;
  const received = versions.effective(version ?? null, rules.now);
  const describe = (patterns: readonly string[]): WebhookEventTypeDescription[] =>
    rules.catalogue.matching(patterns).map((type) => versions.described(type, received));
  const types = describe(events);
  // Checked alone first: JSON of any depth can be compared only once it is valid.
  const problems = choiceProblems(representation, rules, []);
  if (problems.length > 0) return problems;
  // Only a new choice is checked against today's types.
  if (!stored || !isSame(representation, stored.representation))
    return choiceProblems(representation, rules, types);
  const before = asked.version === undefined ? describe(stored.events).map(({ type }) => type) : [];
  return choiceProblems(
    representation,
    rules,
    types.filter((type) => !before.includes(type.type)),
  );
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Lists why a choice can't be used for events of these types. */
export function choiceProblems(
  choice: RepresentationChoice,
  rules: Pick<Rules, 'representations'>,
  types: readonly WebhookEventTypeDescription[],
): WebhookFieldProblem[] {
  if (typeof choice === 'string') return nameProblems(choice, rules);
  const { template, ...others } = choice;
  if (!isObject(template) || Object.keys(others).length > 0) {
    const message = `${FIELD} must be a name, or an object with nothing but a template, such as { "template": { "text": "{{event_type}}" } }.`;
    return [fieldProblem(FIELD, message, 'not-representation')];
  }
  const { problems, placeholders } = readTemplate(template);
  const wrong = problems.map(({ at, problem, coded }) => templateProblem(at, problem, ...coded));
  return wrong.length > 0 ? wrong : placeholders.flatMap((one) => pathProblem(one, types));
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function nameProblems(
  name: string,
  { representations }: Pick<Rules, 'representations'>,
): WebhookFieldProblem[] {
  if (representations.has(name)) return [];
  const names = representations.descriptions.map((one) => quoted(one.name)).join(', ');
  const message = `${FIELD} must be one of ${names}, got ${quoted(name)}.`;
  return [fieldProblem(FIELD, message, 'not-one-of', { values: names })];
}

function pathProblem(
  { at, text, path }: Placeholder,
  types: readonly WebhookEventTypeDescription[],
): WebhookFieldProblem[] {
  const [first, ...others] = types.filter((type) => !knowsPath(type, path));
  if (!first) return [];
  const lacking =
    others.length === 0
      ? `${quoted(first.type)} does`
      : `${quoted(first.type)} and ${others.length} more of the event types do`;
  return [
    templateProblem(at, `has ${quoted(text)}, which ${lacking} not have.`, 'template-unknown-field', {
      placeholder: text,
      type: first.type,
    }),
  ];
}

const templateProblem = (at: string, problem: string, ...coded: AnyCoded): WebhookFieldProblem => {
  const field = singleLine(`${FIELD}.template${at}`, 128);
  return fieldProblem(field, `${field} ${problem}`, ...coded);
};

export const versionCode = (names: readonly string[]): AnyCoded =>
  names.length === 0 ? ['no-versions'] : ['unknown-version', { values: names.join(', ') }];

/**
 * A version must exist, and not be retired. @param chosenAt epoch ms; left out: for a preview of an endpoint, which may
 * still have one that is retired
 */
export function versionProblems(
  version: string | undefined,
  { versions }: Representations,
  chosenAt?: number,
): WebhookFieldProblem[] {
  const offered = versions.all.filter(
    (one) => chosenAt === undefined || versions.isOffered(one.version, chosenAt),
  );
  if (version === undefined || offered.some((one) => one.version === version)) return [];
  const names = offered.map((one) => quoted(one.version));
  const problem =
    names.length === 0 ? 'can not be given: this app has no versions' : `must be one of ${names.join(', ')}`;
  const message = `version ${problem}, got ${quoted(String(version))}.`;
  return [fieldProblem('version', message, ...versionCode(names))];
}
