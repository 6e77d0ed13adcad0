import { JSON_TYPE, jsonBody, type EventToRepresent, type Representation } from './represented.js';

const STRUCTURED = 'application/cloudevents+json; charset=utf-8';

/**
 * The default `source`. With its id, it identifies an event: a URI reference,
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#source-1.
 */
export const DEFAULT_SOURCE = '/webhooks';

const attributes = ({ id, type, createdAt }: EventToRepresent, source: string): Record<string, string> => ({
  specversion: '1.0',
  id,
  source,
  type,
  time: createdAt,
});

/** CloudEvents 1.0 in structured mode: the attributes and the data are one JSON text. */
export const structuredCloudEvent =
  (source: string): Representation =>
  (event) => {
    const head = JSON.stringify({ ...attributes(event, source), datacontenttype: JSON_TYPE });
    return jsonBody(`${head.slice(0, -1)},"data":${event.dataJson}}`, STRUCTURED);
  };

/** CloudEvents 1.0 in binary mode: the body is the data, and the attributes are headers `ce-…`. */
export const binaryCloudEvent =
  (source: string): Representation =>
  (event) => {
    const headers = Object.entries(attributes(event, source)).map(([name, value]) => [
      `ce-${name}`,
      encoded(value),
    ]);
    return {
      contentType: JSON_TYPE,
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: event.dataJson,
    };
  };

/**
 * Percent-encodes as the HTTP binding says: the space, the quote, the percent sign and everything but printable ASCII.
 */
const encoded = (value: string): string => value.replaceAll(/[^!#$&-~]/gu, encodeURIComponent);
