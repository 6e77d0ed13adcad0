import type { WebhookEventTypeDescription } from '../../config/event-catalogue.js';
import type { WebhooksGuidePart } from '../../config/guide-options.js';
import type { SignatureScheme } from '../../domain/signing/signature-scheme.js';
import { iso } from '../../domain/iso.js';
import { ENVELOPE, EXAMPLE_ENVELOPE } from '../../reference/envelope.js';
import { fieldsOf, type SchemaField } from '../../reference/fields.js';
import { inEnglish } from '../../reference/words.js';
import { section, subsection, type GuideContext } from '../guide-context.js';
import { blocks, bullets, code, codeBlock, table, text } from '../markdown.js';
import { bytesInWords, titleCase } from '../words.js';

export const payloads = (context: GuideContext): WebhooksGuidePart[] => [
  section('payloads', 'Webhook Payloads'),
  subsection('payload-structure', 'Payload Structure', structure(context)),
  subsection('headers', 'Request Headers', headers(context)),
  ...(context.version === null ? [] : [subsection('versions', 'Versions', versions(context))]),
  subsection(
    'event-data',
    'Event-Specific Data',
    blocks(
      'Different events include different data in their payloads. Here are examples for common events:',
      ...context.types.map(eventData),
    ),
  ),
];

function structure({ types, config }: GuideContext): string {
  const envelope = JSON.stringify({ ...EXAMPLE_ENVELOPE, event_type: types[0]?.type, data: {} }, null, 2);
  return blocks(
    'All webhook payloads follow a consistent structure:',
    codeBlock('json', envelope.replace('{}', '{\n    // Event-specific data\n  }')),
    table(
      ['Field', 'Type', 'Meaning'],
      ENVELOPE.map((field) => [code(field.name), field.type, text(field.text)]),
    ),
    `Payloads are JSON without white space, of at most ${bytesInWords(config.limits.bodyBytes)}. Fields can be added at any time: ignore those you don't know.`,
  );
}

/** Which version the guide describes, and how to read the others. */
const versions = ({ config, version }: GuideContext): string =>
  blocks(
    'The data of events has versions, named by their days. A webhook keeps the version that was the newest when it was created, until you move it to another one.',
    bullets(
      config.versions.map(({ version: name, description, retiresAt }) =>
        [
          `${code(name)}${retiresAt === null ? '' : `, until ${iso(retiresAt).slice(0, 10)}`}`,
          ...(description === '' ? [] : [text(description)]),
        ].join(': '),
      ),
    ),
    `The examples below are of ${code(version!)}. To read about another one, add ${code('?version=')} and its day to the address of this guide.`,
  );

const headers = ({ config }: GuideContext): string =>
  blocks(
    'Each request is a `POST` with these headers:',
    table(
      ['Header', 'Value'],
      [
        ['`webhook-id`', 'The id of the event, as in the payload. The same in every attempt.'],
        ...signatureRows(config),
        ['`x-webhook-attempt`', '`1` for the first attempt, and so on.'],
        ['`content-type`', '`application/json`'],
      ],
    ),
    'Headers that you have set for a webhook come with each of its requests, too.',
  );

/** Those of Standard Webhooks first. The id is always present. The app's own descriptions are shown unchanged. */
const signatureRows = ({ signature: { schemes } }: GuideContext['config']): string[][] =>
  [...schemes.filter(isStandard), ...schemes.filter((scheme) => !isStandard(scheme))].flatMap(
    ({ kind, headers: signed }) =>
      signed
        .filter(({ name }) => name !== 'webhook-id')
        .map(({ name, description }) => [code(name), kind === 'own' ? text(description) : description]),
  );

const isStandard = ({ kind }: SignatureScheme): boolean => kind === 'standard';

const eventData = ({ type, schema, example }: WebhookEventTypeDescription): string => {
  const fields = fieldsOf(schema, inEnglish);
  return blocks(
    `#### ${titleCase(type)}`,
    codeBlock('json', JSON.stringify({ ...EXAMPLE_ENVELOPE, event_type: type, data: example }, null, 2)),
    fields.length > 0 && table(['Field of `data`', 'Type', 'Meaning'], fields.map(row)),
  );
};

const row = (field: SchemaField): string[] => [
  code(`${field.path}${field.name}`),
  text(field.required ? field.type : `${field.type}, optional`),
  meaning(field),
];

/** The most values shown in a cell. */
const MOST_VALUES = 16;

function meaning({ description, constraints, values }: SchemaField): string {
  const more = values.length > MOST_VALUES ? `, and ${values.length - MOST_VALUES} more` : '';
  const shown = values.slice(0, MOST_VALUES).map(code).join(', ') + more;
  return [
    description.trim() !== '' && sentence(text(description)),
    constraints.length > 0 && sentence(text(constraints.join('; '))),
    values.length > 0 && `${values.length === 1 ? 'Always' : 'One of'} ${shown}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

const sentence = (value: string): string =>
  value.charAt(0).toUpperCase() + value.slice(1) + (/[.!?]$/.test(value) ? '' : '.');
