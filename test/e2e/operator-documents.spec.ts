import { readFileSync } from 'node:fs';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiProblems, type Json } from '../support/document-validators.js';
import {
  mountedOperatorRoutes,
  OPERATOR_PATH,
  operatorApp,
  OperatorGuard,
  type OperatorApp,
} from '../support/operator-app.js';
import { restApp } from '../support/rest-app.js';

const REFERENCE = readFileSync(new URL('../../docs/reference/operator.md', import.meta.url), 'utf8');

type Paths = Record<string, Record<string, { operationId: string; parameters: Json[] }>>;
interface Document extends Json {
  readonly paths: Paths;
  readonly components: { readonly schemas: Record<string, Json> };
}

const routes = mountedOperatorRoutes().filter((route) => !route.endsWith('.json'));
const operationsOf = (paths: Paths) =>
  Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({
      ...operation,
      route: `${verb.toUpperCase()} ${path.replace(/^.*admin.webhooks/, '').replaceAll(/\{(\w+)\}/g, ':$1')}`,
    })),
  );

describe("The document of the operators' routes", () => {
  let t: OperatorApp;
  let document: Document;

  beforeAll(async () => {
    t = await operatorApp();
    document = (await t.operator.get('/openapi.json')).body as Document;
  });
  afterAll(() => t.stop());

  it('is valid, and describes every route by a name of its own, and every field', async () => {
    expect(await openApiProblems(document)).toEqual([]);
    expect(document).toMatchObject({ servers: [{ url: '/api' }], info: { title: 'Webhooks' } });
    const operations = operationsOf(document.paths);
    expect(operations.map(({ route }) => route).sort()).toEqual([...routes].sort());
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length);
    for (const { operationId, parameters } of operations) {
      expect(operationId).toMatch(/Operator/);
      for (const { name, description } of parameters)
        expect([operationId, name, description]).toEqual([operationId, name, expect.stringMatching(/\.$/)]);
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      for (const [field, rules] of Object.entries((schema.properties ?? {}) as Record<string, Json>)) {
        if (!('$ref' in rules)) expect(rules, `${name}.${field}`).toHaveProperty('description');
      }
    }
  });

  it('says the same of all that the reference lists, with what their queries may hold', () => {
    const listed = [...REFERENCE.matchAll(/`(GET|POST|PUT|DELETE) (\w[\w/:.-]*)(?:\?([\w=&…]*))?`/g)].map(
      ([, verb, path, query = '']) =>
        [`${verb} /${path}`, query.split('&').map((one) => one.split('=')[0])] as const,
    );
    const named = operationsOf(document.paths).map(
      ({ route, parameters }) =>
        [route, parameters.filter((one) => one.in === 'query').map(({ name }) => name as string)] as const,
    );
    expect(listed.map(([route]) => route).sort()).toEqual(['GET /openapi.json', ...routes].sort());
    for (const [route, queries] of listed) {
      const known = new Map(named).get(route) ?? [];
      const unknown = queries.filter((one) => one !== '' && one !== '…' && !known.includes(one!));
      expect([route, unknown]).toEqual([route, []]);
    }
  });

  it('stands in the document that @nestjs/swagger makes, beside that of the customers', async () => {
    const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();

    const made = SwaggerModule.createDocument(t.app, config) as unknown as Document;

    expect(await openApiProblems(JSON.parse(JSON.stringify(made)) as Json)).toEqual([]);
    const ofOperators = Object.fromEntries(
      Object.entries(made.paths).filter(([path]) => path.startsWith(OPERATOR_PATH)),
    );
    expect(
      operationsOf(ofOperators)
        .map(({ route }) => route)
        .sort(),
    ).toEqual([...routes].sort());
    expect(Object.keys(made.components.schemas)).toEqual(
      expect.arrayContaining(Object.keys(document.components.schemas)),
    );
    expect(Object.keys(made.paths)).toEqual(expect.arrayContaining(['/api/webhooks', '/api/webhooks/{id}']));
  });

  it.each([
    { documents: { swagger: false } as const, served: 200 },
    { documents: false as const, served: 404 },
  ])('is left out with documents: $documents', async ({ documents, served }) => {
    const rest = await restApp({ webhooks: { documents, operator: { guards: [OperatorGuard] } } });
    const headers = { 'x-operator': 'ada' };

    expect((await rest.call('GET', `${OPERATOR_PATH}/openapi.json`, { headers })).status).toBe(served);
    const made = SwaggerModule.createDocument(rest.app, new DocumentBuilder().build());
    expect(Object.keys(made.paths).filter((path) => path.startsWith(OPERATOR_PATH))).toEqual([]);
    await rest.stop();
  });
});
