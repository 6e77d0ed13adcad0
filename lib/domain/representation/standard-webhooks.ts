import { jsonBody, type Representation } from './represented.js';

/** The payload that the Standard Webhooks specification recommends: `type`, `timestamp` and `data`. */
export const standardWebhooks: Representation = ({ type, createdAt, dataJson }) =>
  jsonBody(`${JSON.stringify({ type, timestamp: createdAt }).slice(0, -1)},"data":${dataJson}}`);
