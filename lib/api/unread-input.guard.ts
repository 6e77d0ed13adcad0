import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import { readsInput, type InputPart } from '../routes/route-parameters.js';
import { unknownProperty } from './webhook-input.js';

const PARTS: readonly InputPart[] = ['body', 'query'];

/**
 * Refuses properties in a body or a query that a route does not read at all: `?active=true` on a route that has no
 * such filter would otherwise be a wish that nobody hears. It runs after the guards that say who is asking.
 */
export class UnreadInputGuard implements CanActivate {
  /** @throws InvalidWebhookInputError */
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Partial<Record<InputPart, unknown>>>();
    const unread = PARTS.filter((part) => !readsInput(context.getHandler(), part));
    const unknown = unread.flatMap((part) => Object.keys(Object(request[part]) as object));
    if (unknown.length > 0) throw new InvalidWebhookInputError(unknown.map(unknownProperty));
    return true;
  }
}
