import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import { readsInput, type InputPart } from '../routes/route-parameters.js';
import { unknownProperty } from './webhook-input.js';

const PARTS: readonly InputPart[] = ['body', 'query'];

/**
 * Refuses bodies and queries on routes that read none. Otherwise `?active=true` on a route without that filter would be
 * ignored silently. Runs after the guards that identify the caller.
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
