import type { WebhooksGuidePart } from '../config/guide-options.js';
import { dropPromise } from '../domain/drop-promise.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { guideContext, type GuideSource } from './guide-context.js';
import { blocks, text } from './markdown.js';
import { delivery } from './parts/delivery.js';
import { events } from './parts/events.js';
import { implementations } from './parts/implementations.js';
import { introduction } from './parts/introduction.js';
import { managing } from './parts/managing.js';
import { payloads } from './parts/payloads.js';
import { practices } from './parts/practices.js';
import { security } from './parts/security.js';

/** The guide: headings and their contents. */
export interface GuideDocument {
  /** Plain text. */
  readonly title: string;
  readonly parts: readonly WebhooksGuidePart[];
}

/** @throws InvalidWebhooksOptionError if the app's `parts` returns something that is not a part */
export function guideDocument(source: GuideSource): GuideDocument {
  const { title, product, parts } = source.guide;
  const context = guideContext(source);
  const defaults = [introduction, managing, events, payloads, security, delivery, practices, implementations];
  const all: unknown = parts(Object.freeze(defaults.flatMap((some) => some(context))));
  return { title: product === undefined ? title : `${product} - ${title}`, parts: checkParts(all) };
}

/** The whole guide as Markdown. */
export const guideMarkdown = ({ title, parts }: GuideDocument): string =>
  `${blocks(`# ${text(title)}`, ...parts.map(partMarkdown))}\n`;

export const partMarkdown = ({ level, title, markdown }: WebhooksGuidePart): string =>
  blocks(`${'#'.repeat(level)} ${title}`, markdown.trim());

function checkParts(parts: unknown): readonly WebhooksGuidePart[] {
  if (!Array.isArray(parts)) {
    const got = dropPromise(parts) ? 'a promise' : parts === null ? 'null' : typeof parts;
    fail('', `must give a list of parts, got ${got}. It can't be async.`);
  }
  const names = new Set<unknown>();
  for (const [index, part] of (parts as readonly unknown[]).entries()) {
    if (typeof part !== 'object' || part === null) {
      fail(
        `[${index}]`,
        `must be a part { name, title, level, markdown }, got ${part === null ? 'null' : typeof part}.`,
      );
    }
    const { name, title, level, markdown } = part as Record<keyof WebhooksGuidePart, unknown>;
    if (typeof name !== 'string' || name === '')
      fail(`[${index}].name`, `must be a text, got ${typeof name}.`);
    if (names.has(name))
      fail(`[${index}].name`, `is '${String(name)}', which another part has too. Each needs its own.`);
    names.add(name);
    if (typeof title !== 'string' || !/^\S.*$/.test(title)) {
      fail(
        `[${index}].title`,
        `must be a text of one line, got ${JSON.stringify(title)} for '${String(name)}'.`,
      );
    }
    if (level !== 2 && level !== 3 && level !== 4) {
      fail(`[${index}].level`, `must be 2, 3 or 4, got ${JSON.stringify(level)} for '${String(name)}'.`);
    }
    if (typeof markdown !== 'string') {
      fail(`[${index}].markdown`, `must be a text, got ${typeof markdown} for '${String(name)}'.`);
    }
  }
  return parts as readonly WebhooksGuidePart[];
}

function fail(place: string, problem: string): never {
  throw new InvalidWebhooksOptionError(`guide.parts${place}`, problem);
}
