import { readFileSync, writeFileSync } from 'node:fs';
import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { isRecord, type Schema } from '../reference/resolve.js';
import { schemaBreaks } from './schema-breaks.js';

/** The part of a type that customers rely on. */
export type CataloguePromise = Pick<WebhookEventTypeDescription, 'type' | 'schema'>;

const COMMENT =
  'What customers rely on. nestjs-webhooks check-catalogue compares the catalogue with it, and writes it with --write.';

/** Each change that would break a customer, in a sentence. */
export function catalogueBreaks(
  committed: readonly CataloguePromise[],
  now: readonly CataloguePromise[],
): string[] {
  return committed.flatMap(({ type, schema }) => {
    const found = now.find((one) => one.type === type);
    if (!found) return [`${type} is gone.`];
    return schemaBreaks(schema, found.schema).map(({ path, problem }) => `${type}: ${path} ${problem}.`);
  });
}

/** @throws InvalidWebhooksOptionError if the file is missing, or was not written by `writeCatalogue` */
export function readCatalogue(file: string): readonly CataloguePromise[] {
  const { types } = parsed(file);
  if (!isRecord(types)) throw new InvalidWebhooksOptionError(file, 'has no types. Write it with --write.');
  return Object.entries(types).map(([type, entry]) => {
    if (!isRecord(entry) || !isRecord(entry.schema)) {
      throw new InvalidWebhooksOptionError(file, `has no schema for '${type}'. Write it with --write.`);
    }
    return { type, schema: entry.schema };
  });
}

/** In the order of the catalogue, so that diffs are readable. */
export function writeCatalogue(file: string, types: readonly WebhookEventTypeDescription[]): void {
  const entries = types.map(({ type, description, schema }) => [type, { description, schema }]);
  const content = { $comment: COMMENT, types: Object.fromEntries(entries) as unknown };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

function parsed(file: string): Schema {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new InvalidWebhooksOptionError(file, 'is not there yet. Write it with --write, and commit it.');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Told below.
  }
  throw new InvalidWebhooksOptionError(file, 'is no JSON object. Write it with --write.');
}
