import type { WebhookErrorName } from '../../api/error-codes.js';
import type { SchemaOf } from '../schema.js';

/** What decorators and DTOs don't say about a route. */
export interface DescribedRoute<Answer = unknown> {
  /** The id of the operation; unique. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** `undefined`: no body. */
  readonly answer: Answer extends void ? undefined : SchemaOf<Answer>;
  /** Errors of this route, in addition to those of every route. */
  readonly errors?: readonly WebhookErrorName[];
}

/** The routes of a class, each with its response. A route without a description does not compile. */
export type DescribedRoutes<Routes> = {
  readonly [Name in keyof Routes]: Routes[Name] extends (...given: never[]) => infer Answer
    ? DescribedRoute<Awaited<Answer>>
    : never;
};
