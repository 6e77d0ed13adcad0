import { fieldProblem } from '../domain/field-problems.js';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { groupOf, isEventType, patternsOf } from '../domain/event-type.js';
import { serialiseBody } from '../domain/json-body.js';
import { quoted } from '../domain/shown-text.js';
import {
  InvalidWebhooksOptionError,
  WebhooksError,
  type WebhookFieldProblem,
} from '../domain/webhooks.error.js';
import { translated } from './localised.js';
import { checkEventTypeNames, checkMapping } from './option-names.js';
import { checkShape, exampleProblem, notNamed, schemaOf, summary, VALIDATION } from './event-shape.js';
import { withoutExtraFields } from './payload-class.js';
import { flattenValidationErrors } from './validation-problems.js';
import type {
  DomainEventMapping,
  WebhookEventCatalogueOptions,
  WebhookEventTypeOptions,
  WebhookEventVersionOptions,
} from './webhook-event-options.js';

/** The type is not in the catalogue. Nothing was stored. */
export class UnknownWebhookEventTypeError extends WebhooksError {
  readonly code = 'webhooks/unknown-event-type';

  constructor(readonly eventType: string) {
    super(
      `${quoted(eventType)} is not an event type of this app. Add it to the option events, or correct the name.`,
    );
  }
}

/** The data breaks the payload class of its type. Nothing was stored. */
export class InvalidWebhookPayloadError extends WebhooksError {
  readonly code = 'webhooks/invalid-payload';

  constructor(
    readonly eventType: string,
    readonly details: readonly WebhookFieldProblem[],
  ) {
    super(`The data of '${eventType}' breaks its payload class: ${summary(details)}`);
  }
}

/** An event type as the documentation shows it. */
export interface WebhookEventTypeDescription {
  readonly type: string;
  readonly group: string;
  readonly description: string;
  /** JSON Schema of `data`; `{}` if nothing is known about it. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example: Readonly<Record<string, unknown>>;
}

/** The event types that the app sends. */
export class EventCatalogue {
  readonly descriptions: readonly WebhookEventTypeDescription[];
  /** Every domain event that becomes a webhook, with the type of that. */
  readonly mappings: readonly (DomainEventMapping & { readonly type: string })[];
  private readonly patterns: ReadonlySet<string>;

  /** @throws InvalidWebhooksOptionError for a malformed type, or an example that breaks its payload class */
  constructor(private readonly options: WebhookEventCatalogueOptions) {
    const entries = Object.entries(options);
    if (entries.length === 0) {
      throw new InvalidWebhooksOptionError(
        'events',
        'must name at least one event type. Write it in WebhooksModule.forRoot, or in WebhooksModule.forFeature of the module that emits it.',
      );
    }
    for (const [type, entry] of entries) checkEntry(type, entry);
    this.descriptions = Object.freeze(entries.map(([type, entry]) => describe(type, entry)));
    this.mappings = entries.flatMap(([type, entry]) => mappingsOf(type, entry));
    this.patterns = new Set(entries.flatMap(([type]) => patternsOf(type)));
  }

  /** In the language of a locale, if the app has given it. */
  descriptionsIn(locale: string): readonly WebhookEventTypeDescription[] {
    return this.descriptions.map((one) => {
      const { descriptions, groups } = this.options[one.type]!;
      return {
        ...one,
        group: translated(groups, locale) ?? one.group,
        description: translated(descriptions, locale) ?? one.description,
      };
    });
  }

  /** Whether a type, `group.*` or `*` matches at least one type of the catalogue. */
  hasPattern(pattern: string): boolean {
    return this.patterns.has(pattern);
  }

  has(type: string): boolean {
    return Object.hasOwn(this.options, type);
  }

  /** @throws UnknownWebhookEventTypeError */
  mustHave(type: string): void {
    this.entry(type);
  }

  /** The types that match any of these patterns. */
  matching(patterns: readonly string[]): WebhookEventTypeDescription[] {
    return this.descriptions.filter(({ type }) =>
      patternsOf(type).some((pattern) => patterns.includes(pattern)),
    );
  }

  /** Its older versions, the newest first. */
  versionsOf(type: string): [version: string, options: WebhookEventVersionOptions][] {
    const versions = this.has(type) ? (this.options[type]?.versions ?? {}) : {};
    return Object.entries(versions).sort(([one], [other]) => (one < other ? 1 : -1));
  }

  /** Whether its data was given as an example. */
  hasExample(type: string): boolean {
    return this.has(type) && this.options[type]?.example !== undefined;
  }

  /** `''` if it has none. */
  descriptionOf(type: string): string {
    return (this.has(type) && this.options[type]?.description) || '';
  }

  /** @throws UnknownWebhookEventTypeError */
  exampleOf(type: string): Readonly<Record<string, unknown>> {
    return this.entry(type).example ?? {};
  }

  /**
   * Checks the data as the receiver will get it. Resolves with the JSON of the part that is sent.
   * @param json the data's JSON
   * @throws UnknownWebhookEventTypeError, InvalidWebhookPayloadError
   */
  async check(type: string, json: string): Promise<string> {
    const { payload, extraFields = 'omit' } = this.entry(type);
    if (!payload) return json;
    const data: unknown = JSON.parse(json);
    if (!isRecord(data))
      throw new InvalidWebhookPayloadError(type, [fieldProblem('', 'must be an object', 'not-object')]);
    const instance = plainToInstance(payload, data);
    const errors = await validate(instance, VALIDATION);
    if (errors.length > 0) throw new InvalidWebhookPayloadError(type, flattenValidationErrors(errors));
    if (extraFields === 'send') return json;
    // Parsed again: class-transformer removes the discriminators from its input.
    const named = withoutExtraFields(JSON.parse(json) as Record<string, unknown>, instance);
    if (named.extra.length === 0) return json;
    if (extraFields === 'refuse') throw new InvalidWebhookPayloadError(type, named.extra.map(notNamed));
    return JSON.stringify(named.data);
  }

  /**
   * The JSON Schema of data without a payload class; `{}` if there is a class, or nothing is known. @throws
   * UnknownWebhookEventTypeError
   */
  uncheckedSchema(type: string): Readonly<Record<string, unknown>> {
    const { payload, schema = {} } = this.entry(type);
    return payload ? {} : schema;
  }

  private entry(type: string): WebhookEventTypeOptions {
    const entry = this.has(type) ? this.options[type] : undefined;
    if (!entry) throw new UnknownWebhookEventTypeError(type);
    return entry;
  }
}

function checkEntry(type: string, entry: WebhookEventTypeOptions): void {
  checkEventTypeNames(`events['${type}']`, entry);
  const { payload, example, extraFields, on } = entry;
  const fail = (what: string, problem: string): never => {
    throw new InvalidWebhooksOptionError(`events['${type}']${what}`, problem);
  };
  if (!isEventType(type)) {
    fail(
      '',
      "is not an event type: write group.name in lower case, with dots and underscores, such as 'post.published'.",
    );
  }
  for (const mapping of Array.isArray(on) ? on : [on]) {
    if (mapping === undefined || typeof mapping === 'string') continue;
    checkMapping(`events['${type}'].on`, mapping as object, 'catalogue');
  }
  if (extraFields !== undefined && !EXTRA_FIELDS.includes(extraFields)) {
    fail('.extraFields', `must be 'omit', 'refuse' or 'send', got ${JSON.stringify(extraFields)}.`);
  }
  if (extraFields !== undefined && !payload) {
    fail(
      '.extraFields',
      'says what becomes of fields that payload does not name: give a payload class, too.',
    );
  }
  for (const [name, texts] of Object.entries({ descriptions: entry.descriptions, groups: entry.groups })) {
    if (texts !== undefined && !isTranslations(texts)) {
      fail(`.${name}`, "must be texts by language, such as { de: '…' }.");
    }
  }
  checkShape(`events['${type}']`, entry);
  if (example === undefined) return;
  const problem = exampleProblem(entry, sentExample(type, example));
  if (problem) fail('.example', problem);
}

const isTranslations = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string');

const EXTRA_FIELDS: readonly unknown[] = ['omit', 'refuse', 'send'];

/** Checks the example, since a test of an endpoint sends it. */
function sentExample(type: string, example: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    const { data } = serialiseBody({ id: '', type, createdAt: 0, data: example });
    return JSON.parse(data) as Record<string, unknown>;
  } catch (cause) {
    throw new InvalidWebhooksOptionError(
      `events['${type}'].example`,
      `can't be sent: ${(cause as Error).message}`,
    );
  }
}

function describe(type: string, entry: WebhookEventTypeOptions): WebhookEventTypeDescription {
  return Object.freeze({
    type,
    group: entry.group ?? groupOf(type),
    description: entry.description ?? '',
    schema: schemaOf(entry),
    example: entry.example ?? {},
  });
}

function mappingsOf(
  type: string,
  { on = [] }: WebhookEventTypeOptions,
): (DomainEventMapping & { type: string })[] {
  const list = typeof on === 'string' || !Array.isArray(on) ? [on as string | DomainEventMapping] : on;
  return list.map((mapping) => (typeof mapping === 'string' ? { on: mapping, type } : { ...mapping, type }));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
