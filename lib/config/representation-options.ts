import { dropPromise } from '../domain/drop-promise.js';
import { DEFAULT_SOURCE } from '../domain/representation/cloudevents.js';
import {
  JSON_TYPE,
  jsonBody,
  type Representation,
  type RepresentedEvent,
} from '../domain/representation/represented.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

/** A representation of the app's own: the form of events for endpoints that choose it. */
export interface WebhookRepresentationOptions {
  /** Helps customers to choose. Default: none. */
  description?: string;
  /** Default: `application/json`. */
  contentType?: string;
  /**
   * Returns the body of an event. It must be pure: it reads nothing but the event, and has no effect. If it throws or
   * returns no text, the attempt fails with the error code `representation-failed`, and is retried like others.
   */
  body(event: RepresentedEvent): string;
}

export type RepresentationsConfig = Readonly<Record<string, Required<WebhookRepresentationOptions>>>;

const BUILT_IN = [
  'envelope',
  'standard-webhooks',
  'cloudevents',
  'cloudevents-binary',
  'slack',
  'teams',
  'template',
];
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const CONTENT_TYPE = /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}( *; *[\w-]+=[\w"./+-]+)*$/;
const SOURCE = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]{1,255}$/;
const JSON_LIKE = /^application\/([\w.-]+\+)?json\b/;

/** @throws InvalidWebhooksOptionError */
export function resolveRepresentations(given: unknown): RepresentationsConfig {
  if (given === undefined) return {};
  const fail = (option: string, problem: string): never => {
    throw new InvalidWebhooksOptionError(`representations${option}`, problem);
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return fail('', `must be an object with an entry for each name, got ${nameOf(given)}.`);
  }
  const entries = Object.entries(given as Record<string, WebhookRepresentationOptions>);
  return Object.fromEntries(
    entries.map(([name, entry]) => {
      const path = `['${name}']`;
      if (!NAME.test(name))
        fail(path, 'must have a name of at most 40 small letters, digits and hyphens, such as my-form.');
      if (BUILT_IN.includes(name)) fail(path, 'has the name of one that is built in. Give it another.');
      if (typeof entry !== 'object' || entry === null) {
        fail(
          path,
          `must be an object such as { body: (event) => JSON.stringify(event.data) }, got ${nameOf(entry)}.`,
        );
      }
      const { description = '', contentType = JSON_TYPE, body } = entry;
      if (typeof description !== 'string')
        fail(`${path}.description`, `must be a text, got ${nameOf(description)}.`);
      if (typeof contentType !== 'string' || !CONTENT_TYPE.test(contentType)) {
        fail(
          `${path}.contentType`,
          `must be a media type such as 'text/plain; charset=utf-8', got ${JSON.stringify(contentType)}.`,
        );
      }
      if (typeof body !== 'function')
        fail(`${path}.body`, `must be a function of the event, got ${nameOf(body)}.`);
      return [
        name,
        Object.freeze({ description, contentType, body: (event: RepresentedEvent) => entry.body(event) }),
      ];
    }),
  );
}

/** @throws InvalidWebhooksOptionError */
export function resolveCloudEvents({ source = DEFAULT_SOURCE }: { source?: unknown }): {
  readonly source: string;
} {
  if (typeof source === 'string' && SOURCE.test(source)) return Object.freeze({ source });
  throw new InvalidWebhooksOptionError(
    'cloudEvents.source',
    `must be a URI reference such as 'https://example.com/webhooks', got ${JSON.stringify(source)}.`,
  );
}

/**
 * The result of the app's function in the form in which it is sent: JSON as `JSON.stringify` writes it, since receivers
 * may verify what they have parsed.
 */
export function ownRepresentation({ contentType, body }: RepresentationsConfig[string]): Representation {
  const isJson = JSON_LIKE.test(contentType);
  return ({ id, type, createdAt, tenant, data }) => {
    const given: unknown = body({ id, type, createdAt, tenant, data });
    if (dropPromise(given)) throw new TypeError('body() must give a text at once, got a promise.');
    if (typeof given !== 'string') throw new TypeError(`body() must give a text, got ${nameOf(given)}.`);
    if (isJson) return jsonBody(JSON.stringify(JSON.parse(given)), contentType);
    if (given.includes('\0')) throw new TypeError('body() gave a text with a NUL character.');
    return jsonBody(given, contentType);
  };
}

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
