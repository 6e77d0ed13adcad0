import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Who acts: one of a tenant's people, an operator, the app's own code, or this module by itself. `id` is what the app says of
 * them; `null` where it says nothing.
 */
export interface WebhookActor {
  readonly kind: 'customer' | 'operator' | 'app' | 'module';
  readonly id: string | null;
}

/** Asked only when something is done. */
export type ActorSource = () => WebhookActor | Promise<WebhookActor>;

/** The app's own code, which has not said on whose behalf it acts. */
const APP: WebhookActor = { kind: 'app', id: null };
/** The actor of what the module does by itself, such as disabling an endpoint that fails for too long. */
export const MODULE: WebhookActor = { kind: 'module', id: null };

const sources = new AsyncLocalStorage<ActorSource>();

/** Has what `work` does recorded as done by this actor. */
export const actingAs = <Result>(source: ActorSource, work: () => Result): Result =>
  sources.run(source, work);

/** @throws what the app's function throws that says who acts */
export const currentActor = async (): Promise<WebhookActor> => (await sources.getStore()?.()) ?? APP;
