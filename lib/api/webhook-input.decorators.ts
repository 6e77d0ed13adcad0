import { Body, Query, type Type } from '@nestjs/common';
import { WebhookInputPipe } from './webhook-input.pipe.js';

/** Where a route can take properties from. */
export type InputPart = 'body' | 'query';

const read = new WeakMap<object, Set<InputPart>>();

/** The request's body, checked against a DTO. */
export const BodyInput = (dto: Type<object>): ParameterDecorator =>
  reading('body', Body(new WebhookInputPipe(dto)));

/** The request's query, checked against a DTO. */
export const QueryInput = (dto: Type<object>): ParameterDecorator =>
  reading('query', Query(new WebhookInputPipe(dto)));

/** True where the handler checks that part itself. */
export const readsInput = (handler: object, part: InputPart): boolean =>
  read.get(handler)?.has(part) === true;

function reading(part: InputPart, decorate: ParameterDecorator): ParameterDecorator {
  return (target, key, index) => {
    const handler = (target as Record<string | symbol, object>)[key!]!;
    read.set(handler, (read.get(handler) ?? new Set()).add(part));
    decorate(target, key, index);
  };
}
