import { fieldProblem } from '../domain/field-problems.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { InvalidWebhookPayloadError } from '../config/event-catalogue.js';
import type { NewEvent } from '../domain/delivery.js';
import { newId } from '../domain/id.js';
import { bodyOf, InvalidWebhookDataError, serialiseBody } from '../domain/json-body.js';
import { schemaProblems } from '../domain/schema-problems.js';
import { quoted } from '../domain/shown-text.js';
import { InvalidWebhookInputError, type WebhookFieldProblem } from '../domain/webhooks.error.js';

/** The content of a test: the example of the type, unless there is `data`. */
export interface TestContent {
  readonly eventType: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Rules {
  readonly catalogue: EventCatalogue;
  readonly bodyBytes: number;
  /** The newest version of the app's events; `null`: it has none. */
  readonly version: string | null;
}

/** An event as the app would emit it. @throws InvalidWebhookInputError with the paths of what is wrong in `data` */
export async function testEvent(
  tenant: string,
  { eventType: type, data }: TestContent,
  { catalogue, bodyBytes, version }: Rules,
  createdAt: number,
): Promise<NewEvent> {
  if (!catalogue.has(type)) {
    throw wrong([
      fieldProblem(
        'eventType',
        `${quoted(type)} is no event type of this app. GET /event-types lists them.`,
        'unknown-event-type',
        { type: quoted(type) },
      ),
    ]);
  }
  const head = { id: newId('evt', createdAt), type, createdAt };
  const body =
    data === undefined
      ? serialiseBody({ ...head, data: catalogue.exampleOf(type) }).body
      : bodyOf(head, await checkedData(type, data, catalogue));
  const bytes = Buffer.byteLength(body);
  if (data !== undefined && bytes > bodyBytes) {
    throw wrong([
      fieldProblem(
        'data',
        `data makes a body of ${bytes} bytes, ${bodyBytes} are allowed. Shorten it.`,
        'data-too-large',
        { bytes, most: bodyBytes },
      ),
    ]);
  }
  return { ...head, tenant, body, idempotencyKey: null, traceparent: null, version };
}

/** Checks as `emit` does. Without a payload class, checks by the JSON Schema that customers see. */
async function checkedData(type: string, data: unknown, catalogue: EventCatalogue): Promise<string> {
  try {
    const json = serialiseBody({ id: '', type, createdAt: 0, data }).data;
    const problems = schemaProblems(catalogue.uncheckedSchema(type), JSON.parse(json), 'data');
    if (problems.length > 0) throw wrong(problems);
    return await catalogue.check(type, json);
  } catch (error) {
    if (error instanceof InvalidWebhookPayloadError) throw wrong(error.details.map(inData));
    if (!(error instanceof InvalidWebhookDataError)) throw error;
    const field = pathIn(error.path);
    throw wrong([fieldProblem(field, `${field} ${error.problem}`, 'rule', { rule: error.problem })]);
  }
}

const pathIn = (path: string): string =>
  path === '' ? 'data' : path.startsWith('[') ? `data${path}` : `data.${path}`;

function inData({ field, message, ...coded }: WebhookFieldProblem): WebhookFieldProblem {
  const path = pathIn(field);
  return {
    ...coded,
    field: path,
    message: message.startsWith(field) ? path + message.slice(field.length) : `${path} ${message}`,
  };
}

const wrong = (details: readonly WebhookFieldProblem[]): InvalidWebhookInputError =>
  new InvalidWebhookInputError(details);
