import { restApp, type RestAnswer, type RestApp } from './rest-app.js';

/** The ids that a documented run has created, by the parameters of the routes. */
export type ScenarioIds = Record<':id' | ':deliveryId' | ':eventId', string>;

export interface Scenario {
  readonly rest: RestApp;
  readonly ids: ScenarioIds;
  /** Calls a route such as `GET /:id/stats`, and fills in its parameters. */
  call(route: string, body?: unknown): Promise<RestAnswer>;
}

/**
 * Creates what `docs/reference/rest-api.md` shows: a webhook, an event that failed once and then arrived, and
 * an older failure.
 */
export async function restScenario(): Promise<Scenario> {
  const rest = await restApp();
  const id = await rest.endpoint('acme', { events: ['post.*'], headers: { 'x-crm-token': 'f3a9' } });
  const emit = (idempotencyKey: string): Promise<{ id: string }> =>
    rest.webhooks.emit('post.published', { post_id: 'post_42' }, { tenant: 'acme', idempotencyKey });
  await emit('post_41');
  await rest.settled();
  rest.receiver.nextAnswers.push({ status: 503, headers: { 'content-type': 'text/plain' }, body: 'Busy' });
  rest.clock.advance('1m');
  const event = await emit('post_42');
  await rest.settled();
  await rest.after(300_000);
  rest.clock.advance('1m');
  const [delivery] = (await rest.webhooks.deliveries.list({ tenant: 'acme', endpointId: id }, { limit: 1 }))
    .data;
  const ids = { ':id': id, ':deliveryId': delivery!.id, ':eventId': event.id };
  const as = rest.as('acme');
  return {
    rest,
    ids,
    call: (route, body) => {
      const [method, path] = route.split(' ') as [string, string];
      const filled = path.replaceAll(/:\w+/g, (name) => ids[name as keyof ScenarioIds]);
      return as[method.toLowerCase() as keyof typeof as](filled, body);
    },
  };
}
