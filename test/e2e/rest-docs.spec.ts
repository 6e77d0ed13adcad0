import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GUARD_ERROR_CODES, INTERNAL_ERROR, WEBHOOK_ERROR_CODES } from '../../lib/api/error-codes.js';
import { ROUTES } from '../support/rest-app.js';
import { restScenario } from '../support/rest-scenario.js';

const DOCS = readFileSync(new URL('../../docs/reference/rest-api.md', import.meta.url), 'utf8');
/** Their keys differ from case to case. */
const FREE_FORM = new Set(['headers', 'requestHeaders', 'responseHeaders', 'schema', 'example', 'filter']);
const QUERIES: Record<string, string> = {
  'GET /stats': '?bucket=1d',
  'GET /stats/endpoints': '?ids=:id&bucket=1d',
  'GET /:id/stats': '?bucket=1d',
  'GET /deliveries/:deliveryId/attempts': '?limit=1',
  'GET /:id/recover': '?since=2025-12-31',
};

interface Section {
  route: string;
  status: number;
  request: unknown;
  response: unknown;
}

const sections: Section[] = DOCS.split(/^#{2,3} /m).flatMap((text) => {
  const route = /^`([A-Z]+ \/\S*)`$/m.exec(text.slice(0, text.indexOf('\n')))?.[1];
  if (!route) return [];
  const blocks = [...text.matchAll(/```json\n(.*?)```/gs)].map((match) => JSON.parse(match[1]!) as unknown);
  const request = /^Request|\bRequest\b[^\n]*:\s*\n+```json/m.test(text) ? blocks.shift() : undefined;
  return [{ route, status: Number(/Response (\d{3})/.exec(text)?.[1]), request, response: blocks.shift() }];
});

/** The fields and the types of what they hold; of a list, those of its first item. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, FREE_FORM.has(key) ? typeof field : shape(field)]),
  );
}

describe('docs/reference/rest-api.md', () => {
  it('describes every route, and lists it in its table', () => {
    expect(sections.map(({ route }) => route).sort()).toEqual([...ROUTES].sort());
    const listed = [...DOCS.matchAll(/^\| \[`(.*?)`\].*\| (\d+) +\|$/gm)];
    expect(listed.map((match) => `${match[1]} ${match[2]}`).sort()).toEqual(
      sections.map(({ route, status }) => `${route} ${status}`).sort(),
    );
  });

  it.each(sections)(
    'shows what $route really takes and gives',
    async ({ route, status, request, response }) => {
      const { rest, call } = await restScenario();

      const answer = await call(route + (QUERIES[route] ?? ''), request);

      expect(answer.status).toBe(status);
      expect(shape(answer.body)).toEqual(shape(response));
      await rest.stop();
    },
  );

  it('lists every code that an error can have, with its status', () => {
    const codes = [...Object.keys(WEBHOOK_ERROR_CODES), ...Object.values(GUARD_ERROR_CODES), INTERNAL_ERROR];
    const documented = [...DOCS.matchAll(/^\| (\d{3}) +\| `(webhooks\/[a-z-]+)`/gm)].map((match) => match[2]);

    expect([...new Set(documented)].sort()).toEqual([...new Set(codes)].sort());
  });
});
