import {
  ForbiddenException,
  HttpException,
  HttpStatus,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS, restApp, type HeaderRequest, type RestAnswer, type RestApp } from '../support/rest-app.js';

const FAILURES: Record<string, () => never> = {
  throttled: () => {
    throw new HttpException('Too many requests', HttpStatus.TOO_MANY_REQUESTS);
  },
  teapot: () => {
    throw new HttpException({ message: 'Short and stout', reason: 'hidden' }, HttpStatus.I_AM_A_TEAPOT);
  },
  forbidden: () => {
    throw new ForbiddenException('Your plan has no webhooks.');
  },
  broken: () => {
    throw new Error('connect ECONNREFUSED db.internal:5432, password hunter2');
  },
  text: () => {
    throw 'password hunter2';
  },
};

class FailingGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<HeaderRequest>();
    FAILURES[headers['x-failure'] ?? '']?.();
    return true;
  }
}

describe.each(ADAPTERS)('Errors of the routes on %s', (adapter) => {
  let rest: RestApp;
  let as: ReturnType<RestApp['as']>;

  beforeAll(async () => {
    rest = await restApp({ adapter });
    as = rest.as('acme');
  });
  afterAll(() => rest.stop());

  const absent = '0'.repeat(32);
  const get = (headers: Record<string, string>): Promise<RestAnswer> =>
    rest.call('GET', '/api/webhooks', { headers });

  it('tells a 401 of a guard in our shape', async () => {
    const { status, body } = await get({});

    expect(status).toBe(401);
    expect(body).toEqual({ statusCode: 401, code: 'webhooks/unauthorized', message: 'Say who you are.' });
  });

  it('tells a 403 of a guard that says no', async () => {
    const { status, body } = await get({ 'x-account': 'suspended' });

    expect(status).toBe(403);
    expect(body).toEqual({ statusCode: 403, code: 'webhooks/forbidden', message: 'Forbidden resource' });
  });

  it('names every field of an invalid input', async () => {
    const { status, body } = await as.post('/', { name: 'x', url: 'nonsense', events: ['post.*', 'nope'] });

    expect(status).toBe(400);
    expect(body).toEqual({
      statusCode: 400,
      code: 'webhooks/invalid-input',
      message: expect.stringContaining('This is not a URL.'),
      details: [
        {
          field: 'url',
          message: expect.stringContaining('This is not a URL.'),
          code: 'url-not-a-url',
          params: {},
        },
        {
          field: 'events[1]',
          message: expect.stringContaining("'nope' is no event type of this app"),
          code: 'unknown-event-type',
          params: { type: "'nope'" },
        },
      ],
    });
  });

  it('gives each problem of a field a code with its values, for pages in other languages', async () => {
    const webhook = { name: 'x', url: 'https://example.com', events: ['*'] };
    const cases: [input: object, field: string, code: string, params: object][] = [
      [{ ...webhook, name: 'x'.repeat(256) }, 'name', 'too-long', { most: 255 }],
      [{ ...webhook, name: undefined }, 'name', 'required', {}],
      [{ ...webhook, name: ' ' }, 'name', 'required', {}],
      [{ ...webhook, active: 'yes' }, 'active', 'not-boolean', {}],
      [{ ...webhook, events: [] }, 'events', 'required', {}],
      [{ ...webhook, events: [7] }, 'events', 'not-text', {}],
      [{ ...webhook, rateLimit: 0 }, 'rateLimit', 'too-small', { least: 1 }],
      [{ ...webhook, rateLimit: 1_001 }, 'rateLimit', 'too-large', { most: 1_000 }],
      [{ ...webhook, colour: 'red' }, 'colour', 'unknown-field', { name: 'colour' }],
      [{ ...webhook, url: 'ftp://example.com' }, 'url', 'url-scheme', { schemes: 'https, http' }],
      [{ ...webhook, url: 'https://example.com:25' }, 'url', 'url-port', { port: '25' }],
      [{ ...webhook, headers: { host: 'x' } }, 'headers.host', 'header-reserved', {}],
      [{ ...webhook, version: '2020-01-01' }, 'version', 'no-versions', {}],
      [{ ...webhook, representation: 'xml' }, 'representation', 'not-one-of', expect.anything()],
      [
        { ...webhook, filter: { field: 'data.total', contains: '' } },
        'filter.contains',
        'filter-value',
        { operator: 'contains' },
      ],
      [
        { ...webhook, clientCertificate: { certificate: 'x', key: 'y' } },
        'clientCertificate.certificate',
        'certificate-not-pem',
        { most: 32_768 },
      ],
    ];
    for (const [input, field, code, params] of cases) {
      const { status, body } = await as.post('/', input);
      expect([code, status]).toEqual([code, 400]);
      expect(body.details).toContainEqual({ field, message: expect.any(String), code, params });
    }
  });

  it.each([
    ['endpoint', `/ep_${absent}`],
    ['delivery', `/deliveries/dlv_${absent}`],
    ['event', `/events/evt_${absent}`],
  ])('tells that there is no such %s', async (what, path) => {
    const { status, body } = await as.get(path);

    const message = `There is no ${what} "${path.split('/').at(-1)}".`;
    expect(status).toBe(404);
    expect(body).toEqual({ statusCode: 404, code: 'webhooks/not-found', message });
  });

  it('tells a conflict', async () => {
    const id = await rest.endpoint('acme', { active: false });

    const { status, body } = await as.post(`/${id}/recover`, { since: '2025-01-01' });

    expect(status).toBe(409);
    expect(body).toEqual({
      statusCode: 409,
      code: 'webhooks/endpoint-inactive',
      message: `Webhook ${id} is off. Turn it on first.`,
    });
  });

  it('tells nothing of an unexpected error but that there was one', async () => {
    await rest.dataSource.query('ALTER TABLE webhook_events RENAME TO away');

    const { status, body } = await as.get('/events');

    await rest.dataSource.query('ALTER TABLE away RENAME TO webhook_events');
    expect(status).toBe(500);
    expect(body).toEqual({
      statusCode: 500,
      code: 'webhooks/internal-error',
      message: 'Internal server error',
    });
  });

  it('refuses a body that is no JSON with a 400', async () => {
    const headers = { 'x-account': 'acme', 'content-type': 'application/json' };

    const { status, body } = await rest.call('POST', '/api/webhooks', { headers, text: '{"name":' });

    expect([status, body.statusCode]).toEqual([400, 400]);
  });

  it.each(['[]', '"text"', '5', 'null'])('refuses a body that is %s with a 400', async (text) => {
    const headers = { 'x-account': 'acme', 'content-type': 'application/json' };

    const { status, body } = await rest.call('POST', '/api/webhooks', { headers, text });

    expect([status, body.statusCode]).toEqual([400, 400]);
  });

  describe('that a guard throws', () => {
    let failing: RestApp;

    beforeAll(async () => {
      failing = await restApp({ adapter, webhooks: { api: { guards: [FailingGuard] } } });
    });
    afterAll(() => failing.stop());

    it.each([
      ['forbidden', { statusCode: 403, code: 'webhooks/forbidden', message: 'Your plan has no webhooks.' }],
      ['throttled', { statusCode: 429, code: 'webhooks/too-many-requests', message: 'Too many requests' }],
      ['teapot', { statusCode: 418, code: 'webhooks/http-418', message: 'Short and stout' }],
      ['broken', { statusCode: 500, code: 'webhooks/internal-error', message: 'Internal server error' }],
      ['text', { statusCode: 500, code: 'webhooks/internal-error', message: 'Internal server error' }],
    ])('have our shape: %s', async (failure, expected) => {
      const { status, body } = await failing.call('GET', '/api/webhooks', {
        headers: { 'x-failure': failure },
      });

      expect(status).toBe(expected.statusCode);
      expect(body).toEqual(expected);
    });
  });
});
