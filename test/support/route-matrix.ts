import type { DataSource } from 'typeorm';
import { WebhookMinute } from '../../lib/persistence/webhook-minute.entity.js';
import { WebhookWorkerRow } from '../../lib/persistence/webhook-worker.entity.js';
import type { RestApp, ROUTES } from './rest-app.js';

/** Routes besides `ROUTES` whose responses are the same for everybody. */
export const PAGE_ROUTES = [
  'GET /dashboard',
  'GET /dashboard/:script',
  'GET /guide',
  'GET /guide.md',
  'GET /guide.json',
  'GET /openapi.json',
  'GET /asyncapi.json',
  'GET /event-types/:eventType/schema.json',
  'GET /jwks.json',
] as const;

/** Public routes, which no guard of the routes protects. */
export const OPEN_ROUTES: readonly string[] = ['GET /dashboard/:script', 'GET /jwks.json'];

/** The routes that Express has mounted, in the form of `ROUTES`. */
export function mountedRoutes(rest: RestApp): string[] {
  interface Layer {
    route?: { path: string; methods: Record<string, boolean> };
  }
  const express = rest.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
  return express.router.stack.flatMap(({ route }) => {
    if (!route?.path.startsWith('/api/webhooks')) return [];
    const path = route.path.slice('/api/webhooks'.length) || '/';
    return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path}`);
  });
}

/** Every column of every row of our tables, except those that workers write by themselves. */
export async function dump(dataSource: DataSource): Promise<string> {
  const byWorkers: unknown[] = [WebhookWorkerRow, WebhookMinute];
  const stored = dataSource.entityMetadatas.filter(({ target }) => !byWorkers.includes(target));
  const queries = stored.map(({ tableName, primaryColumns }) => {
    const key = primaryColumns.map(({ databaseName }) => databaseName).join(', ');
    return `SELECT * FROM ${tableName} ORDER BY ${key}`;
  });
  const rows = queries.sort().map((query) => dataSource.query(query));
  return JSON.stringify(await Promise.all(rows));
}

export const ENDPOINT = { name: 'Receiver', url: 'https://example.com/', events: ['*'] };

/** A valid body for each route that reads one. */
export const BODIES: Record<string, object> = {
  'POST /': ENDPOINT,
  'PATCH /:id': { name: 'Renamed' },
  'POST /filter-preview': { events: ['*'], filter: { field: 'data.post_id', exists: true } },
  'POST /:id/secret/rotate': { overlap: '1h' },
  'POST /:id/test': { eventType: 'post.created' },
  'POST /test': { url: ENDPOINT.url, eventType: 'post.created' },
  'POST /:id/recover': { since: '2025-01-01' },
  'POST /deliveries/retry': { ids: [`dlv_${'0'.repeat(32)}`] },
  'POST /representation-preview': { representation: 'slack', eventType: 'post.created' },
};

const ENDPOINT_FIELDS = [
  'name',
  'url',
  'events',
  'active',
  'description',
  'headers',
  'rateLimit',
  'concurrency',
  'representation',
  'version',
  'filter',
  'authorization',
  'clientCertificate',
];
/** Every field that a route reads from its body or its query. */
export const BODY_FIELDS: Record<string, string[]> = {
  'POST /': [...ENDPOINT_FIELDS, 'secret'],
  'PATCH /:id': ENDPOINT_FIELDS,
  'POST /filter-preview': ['events', 'filter', 'version'],
  'POST /:id/secret/rotate': ['overlap', 'secret'],
  'POST /:id/test': ['eventType', 'data'],
  'POST /test': [
    'url',
    'headers',
    'eventType',
    'data',
    'authorization',
    'clientCertificate',
    'representation',
    'version',
    'secret',
  ],
  'POST /:id/recover': ['since', 'until'],
  'POST /deliveries/retry': ['ids'],
  'POST /representation-preview': ['representation', 'version', 'eventType', 'eventId'],
};
const DELIVERIES =
  'limit cursor eventType since until status test search statusCode errorCode minDuration attemptedSince attemptedUntil'.split(
    ' ',
  );
export const QUERY_FIELDS: Record<string, string[]> = {
  'GET /event-types': ['locale', 'version'],
  'GET /': ['limit', 'cursor', 'search', 'active', 'failing', 'sort'],
  'GET /audit': ['limit', 'cursor', 'endpointId', 'act'],
  'GET /events': ['limit', 'cursor', 'eventType', 'since', 'until', 'test'],
  'GET /stats': ['since', 'until', 'bucket'],
  'GET /stats/endpoints': ['ids', 'since', 'until', 'bucket'],
  'GET /:id/stats': ['since', 'until', 'bucket'],
  'GET /deliveries': [...DELIVERIES, 'endpointId'],
  'GET /deliveries/:deliveryId/attempts': ['limit', 'cursor'],
  'GET /:id/deliveries': DELIVERIES,
  'GET /:id/recover': ['since', 'until'],
};
/** The required queries of routes. */
const QUERIES: Record<string, Record<string, string>> = {
  'GET /stats/endpoints': { ids: ':id' },
  'GET /:id/recover': { since: '2025-01-01' },
};

/** The ids, by the parameters of the routes. */
export type RouteIds = Readonly<Record<string, string>>;

/** Returns the path of a route with its parameters filled in, and with its required query. */
export function pathOf(
  route: (typeof ROUTES)[number] | (string & {}),
  ids: RouteIds,
  query: Record<string, string> = {},
): string {
  const queries = Object.entries({ ...QUERIES[route], ...query }).map(([name, value]) => `${name}=${value}`);
  const path = route.split(' ')[1]!.replace(/^\/$/, '') + (queries.length > 0 ? '?' : '') + queries.join('&');
  return (
    '/api/webhooks' +
    path
      .replace(':eventType', 'post.created')
      .replace(':script', 'element.js')
      .replaceAll(/:(?:id|eventId|deliveryId)\b/g, (name) => ids[name]!)
  );
}

/** Creates what each route needs: an endpoint of `tenant`, and a test event with its delivery. */
export async function routeIds(rest: RestApp, tenant: string): Promise<RouteIds> {
  const endpointId = await rest.endpoint(tenant);
  const { eventId, deliveryId } = await rest.webhooks.deliveries.test(tenant, endpointId, 'post.created');
  return { ':id': endpointId, ':eventId': eventId, ':deliveryId': deliveryId };
}
