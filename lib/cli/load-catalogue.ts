import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EventCatalogue, type WebhookEventTypeDescription } from '../config/event-catalogue.js';
import type { WebhookEventCatalogueOptions } from '../config/webhook-event-options.js';
import { isEventType } from '../domain/event-type.js';
import { isRecord } from '../reference/resolve.js';
import { UsageError } from './command.js';
import { loadExports } from './load-exports.js';

/** @param name the export to read @throws UsageError, InvalidWebhooksOptionError */
export async function loadCatalogue(
  module: string,
  name: string | undefined,
): Promise<readonly WebhookEventTypeDescription[]> {
  const file = resolve(module);
  if (file.endsWith('.json')) return answered(file);
  const exported = await loadExports(file, (value) => catalogueIn(value) !== undefined);
  const found = name === undefined ? guessed(exported) : catalogueIn(exported[name]);
  if (found) return new EventCatalogue(found).descriptions;
  const names = Object.keys(exported).join(', ');
  throw new UsageError(
    name === undefined
      ? `${module} exports no catalogue, or several. Say which with --export: ${names || 'there is nothing'}.`
      : `${name} of ${module} is no catalogue. It exports ${names || 'nothing'}.`,
  );
}

function guessed(exported: Readonly<Record<string, unknown>>): WebhookEventCatalogueOptions | undefined {
  const own = catalogueIn(exported.default);
  if (own) return own;
  const found = new Set(
    Object.values(exported)
      .map(catalogueIn)
      .filter((value) => value !== undefined),
  );
  return found.size === 1 ? [...found][0] : undefined;
}

/** Accepts a catalogue, or module options that contain one. */
function catalogueIn(value: unknown): WebhookEventCatalogueOptions | undefined {
  if (!isRecord(value)) return undefined;
  const events: object = isRecord(value.events) ? value.events : value;
  const types = Object.keys(events);
  return types.length > 0 && types.every(isEventType) ? (events as WebhookEventCatalogueOptions) : undefined;
}

/** Reads the response of `GET <path>/event-types`. */
function answered(file: string): readonly WebhookEventTypeDescription[] {
  let answer: unknown;
  try {
    answer = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file} can't be read: ${(cause as Error).message}`);
  }
  const data: unknown = isRecord(answer) ? answer.data : undefined;
  const isType = (one: unknown): boolean =>
    isRecord(one) && typeof one.type === 'string' && isRecord(one.schema);
  if (Array.isArray(data) && data.every(isType)) return data as WebhookEventTypeDescription[];
  throw new UsageError(`${file} is not the answer of GET <path>/event-types.`);
}
