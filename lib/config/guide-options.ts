import type { CanActivate, Type } from '@nestjs/common';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { checkReaders } from './readers.js';

/** One heading of the customers' guide, with its text. */
export interface WebhooksGuidePart {
  /** The name of the part, unique. The default parts are in `docs/reference/guide.md`. */
  readonly name: string;
  /** The heading, in Markdown. */
  readonly title: string;
  /** The level of the heading: 2 to 4. The guide's title has 1. */
  readonly level: 2 | 3 | 4;
  /** The text below the heading. Markdown without HTML, which is shown as text. */
  readonly markdown: string;
}

/** The guide for the people who receive webhooks. It is made from the catalogue and the options. */
export interface WebhooksGuideOptions {
  /** Default: `Webhook Integration Guide`. */
  title?: string;
  /** The app's name, as its customers know it: `Roundabout WebTraffic`. Default: the guide does not name it. */
  product?: string;
  /** Where the REST routes are documented: a URL, or a path relative to the guide. Default: the guide does not say. */
  apiReference?: string;
  /** Replaces, adds, leaves out or orders parts. Runs once, at startup. Default: the default parts. */
  parts?: (defaults: readonly WebhooksGuidePart[]) => readonly WebhooksGuidePart[];
  /** Lets everybody read it, without a guard of ours. Default: false. */
  public?: boolean;
  /** Guards of the guide. Default: those of `api`. */
  guards?: readonly (Type<CanActivate> | CanActivate)[];
}

/** The options with their defaults. */
export interface WebhooksGuideConfig {
  readonly title: string;
  readonly product: string | undefined;
  readonly apiReference: string | undefined;
  readonly parts: NonNullable<WebhooksGuideOptions['parts']>;
  /** `undefined`: those of the routes. */
  readonly guards: WebhooksGuideOptions['guards'];
}

const MAX_NAME = 200;

/** @throws InvalidWebhooksOptionError */
export function checkGuide(guide: unknown = {}): WebhooksGuideConfig | false {
  if (guide === false) return false;
  if (typeof guide !== 'object' || guide === null || Array.isArray(guide)) {
    throw new InvalidWebhooksOptionError(
      'guide',
      `must be an object, or false for no guide, got ${told(guide)}.`,
    );
  }
  const options = guide as WebhooksGuideOptions;
  const { parts = (defaults) => defaults } = options;
  if (typeof parts !== 'function') {
    fail('parts', `must be a function such as (defaults) => [...defaults, mine], got ${told(parts)}.`);
  }
  if (options.apiReference !== undefined && !/^[^\s<>()\\]+$/.test(String(options.apiReference))) {
    fail(
      'apiReference',
      `must be a URL without spaces, brackets and backslashes, got ${JSON.stringify(options.apiReference)}.`,
    );
  }
  return Object.freeze({
    title: name('title', options.title) ?? 'Webhook Integration Guide',
    product: name('product', options.product),
    apiReference: name('apiReference', options.apiReference),
    parts,
    guards: checkReaders('guide', options),
  });
}

function name(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length <= MAX_NAME && /^\S(?:.*\S)?$/.test(value)) return value;
  return fail(
    option,
    `must be a text of one line with at most ${MAX_NAME} characters, got ${JSON.stringify(value)}.`,
  );
}

const told = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;

function fail(option: string, problem: string): never {
  throw new InvalidWebhooksOptionError(`guide.${option}`, problem);
}
