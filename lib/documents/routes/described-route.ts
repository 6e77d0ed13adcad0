import type { WebhookErrorName } from '../../api/error-codes.js';
import type { SchemaOf } from '../schema.js';

/** What is said of a route beyond what its decorators and DTOs say. */
export interface DescribedRoute<Answer = unknown> {
  /** Of the operation; each once. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** `undefined`: no body. */
  readonly answer: Answer extends void ? undefined : SchemaOf<Answer>;
  /** The errors that this route can have beside those of every route. */
  readonly errors?: readonly WebhookErrorName[];
}

/** The routes of a class, each with its answer. A route that is not described does not compile. */
export type DescribedRoutes<Routes> = {
  readonly [Name in keyof Routes]: Routes[Name] extends (...given: never[]) => infer Answer
    ? DescribedRoute<Awaited<Answer>>
    : never;
};
