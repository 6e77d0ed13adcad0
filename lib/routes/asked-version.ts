import { parameter } from './route-parameters.js';

/** The version of the data in the query: whatever the caller wrote, `undefined` if nothing. */
export const AskedVersion = (): ParameterDecorator =>
  parameter(({ query }) => (query as { version?: unknown } | undefined)?.version);
