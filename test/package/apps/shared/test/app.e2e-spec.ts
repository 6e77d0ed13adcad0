import { writeFileSync } from 'node:fs';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { WebhooksService } from 'nestjs-webhooks';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { AppModule } from './../src/app.module';
import { OrdersService } from './../src/orders/orders.service';

describe('The app', () => {
  let app: INestApplication;
  let receiver: Server;
  let arrived: Promise<{ headers: IncomingMessage['headers']; body: string }>;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule, TerminusModule] }).compile();
    app = module.createNestApplication();
    await app.listen(0, '127.0.0.1');
    arrived = new Promise((resolve) => {
      receiver = createServer(async (incoming, response) => {
        let body = '';
        for await (const chunk of incoming) body += chunk;
        response.end();
        resolve({ headers: incoming.headers, body });
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await app.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  const routes = async (apiKey: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${await app.getUrl()}/webhooks`, {
      ...init,
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    });

  it('sends a webhook that its customer can verify', async () => {
    const { port } = receiver.address() as AddressInfo;
    const endpoint = { name: 'Mine', url: `http://127.0.0.1:${port}/`, events: ['order.*'] };
    const created = await routes('key-of-acme', { method: 'POST', body: JSON.stringify(endpoint) });
    const { secret } = await created.json();

    await app.get(OrdersService).pay('acme', 20);

    const { headers, body } = await arrived;
    expect(verifyWebhook(body, headers, secret)).toMatchObject({ type: 'order.paid', data: { total: 20 } });
  });

  it('keeps one tenant from the other', async () => {
    const list = await routes('key-of-globex');
    expect(await list.json()).toMatchObject({ data: [] });
    expect((await routes('no key')).status).toBe(403);
  });

  it('is healthy for Terminus, which answers 503 where no worker is heard of', async () => {
    const checks = await app.resolve(HealthCheckService);
    const check = () => checks.check([() => app.get(WebhooksService).health.isHealthy()]);
    expect(await check()).toMatchObject({ status: 'ok', info: { webhooks: { status: 'up' } } });

    await app.get(DataSource).query('DELETE FROM webhook_workers');
    await expect(check()).rejects.toMatchObject({
      status: 503,
      response: { error: { webhooks: { status: 'down', workers: { heardOf: 0 } } } },
    });
  });

  it('has the routes of webhooks in its OpenAPI document', () => {
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('App').build());
    // For whoever checks all of it.
    writeFileSync('openapi.json', JSON.stringify(document));

    const { post } = document.paths['/webhooks'];
    expect(post).toMatchObject({ operationId: 'createWebhookEndpoint', tags: ['Webhook endpoints'] });
    expect(document.components?.schemas?.WebhookEndpoint).toMatchObject({
      properties: { description: { type: 'string', nullable: true } },
    });
  });

  it('refuses data that breaks the payload class', async () => {
    await expect(
      app.get(WebhooksService).emit('order.paid', { order_id: 1, total: -1 }, { tenant: 'acme' }),
    ).rejects.toThrow(/total/);
  });
});
