import type { Type } from '@nestjs/common';
import { acceptedLanguage } from '../routes/accepted-language.js';
import { parameter } from '../routes/route-parameters.js';
import { checkedId, idPattern, type WebhookThing } from './webhook-id.js';
import { checkedInput } from './webhook-input.js';

/** The request's body, checked against a DTO. */
export const BodyInput = (dto: Type<object>): ParameterDecorator =>
  parameter(({ body }) => checkedInput(dto, body), { part: 'body', dto });

/** The request's query, checked against a DTO. */
export const QueryInput = (dto: Type<object>): ParameterDecorator =>
  parameter(({ query }) => checkedInput(dto, query), { part: 'query', dto });

/** The preferred language of the request's `Accept-Language`; `undefined` for any. */
export const AcceptedLanguage = (): ParameterDecorator =>
  parameter(({ headers }) => acceptedLanguage(headers['accept-language']));

/** An id in the path; its shape is checked. */
export const IdInput = (name: string, what: WebhookThing): ParameterDecorator =>
  parameter(({ params }) => checkedId(what, params[name]!), {
    part: 'path',
    name,
    what,
    pattern: idPattern(what),
  });
