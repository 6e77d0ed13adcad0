import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { ActorSource, WebhookActor } from '../domain/actor.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

const sources = new WeakMap<object, ActorSource>();

/** Who makes the request, by the option of the routes. Called once something is done. */
export const actorOf = (request: object): ActorSource | undefined => sources.get(request);

/** Remembers who makes a request. Runs after the app's guards, which identify the caller. */
export class ActorGuard implements CanActivate {
  constructor(
    private readonly kind: WebhookActor['kind'],
    private readonly option: 'api.actor' | 'operator.actor',
    private readonly nameOf: ((request: never) => unknown) | undefined,
  ) {}

  canActivate(context: ExecutionContext): true {
    const request: object = context.switchToHttp().getRequest();
    sources.set(request, async () => ({ kind: this.kind, id: await this.idOf(request) }));
    return true;
  }

  /** @throws InvalidWebhooksOptionError for what is no name of anybody */
  private async idOf(request: object): Promise<string | null> {
    const name: unknown = await this.nameOf?.(request as never);
    if (name === undefined || name === null || name === '') return null;
    if (typeof name === 'string' || typeof name === 'number') return String(name);
    throw new InvalidWebhooksOptionError(
      this.option,
      `must give a text that says who makes the request, or nothing, got ${typeof name}.`,
    );
  }
}
