// Emits events for one second, for a tenant with that many filtered endpoints, of which none match: node
// scripts/bench-filters.mjs 0,100,10000
import 'reflect-metadata';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { TypeOrmModule } = require('@nestjs/typeorm');
const { WebhooksModule, WebhooksService } = require('../dist/index.js');

const CALLERS = 50;
const counts = (process.argv[2] ?? '0,100,10000').split(',').map(Number);
const url = 'https://example.com/hooks';
const events = ['*'];

class App {}
Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: ':memory:',
      synchronize: true,
      autoLoadEntities: true,
    }),
    WebhooksModule.forRoot({
      events: { 'post.published': {} },
      api: false,
      worker: false,
      tenants: true,
      limits: { endpointsPerTenant: Math.max(...counts) + 1 },
    }),
  ],
})(App);

const app = await NestFactory.createApplicationContext(App, { logger: ['error'] });
const webhooks = app.get(WebhooksService);
for (const count of counts) {
  const tenant = `tenant-${count}`;
  await webhooks.endpoints.create(tenant, { name: 'All', url, events });
  for (let n = 0; n < count; n++) {
    const all = [
      { field: 'data.platform', equals: `platform-${n}` },
      { field: 'data.total', gte: 100 },
    ];
    await webhooks.endpoints.create(tenant, { name: `Filtered ${n}`, url, events, filter: { all } });
  }
  const data = { platform: 'tiktok', total: 120, text: 'x'.repeat(800) };
  const emit = () => webhooks.emit('post.published', data, { tenant });
  const times = count > 1_000 ? 100 : 2_000;
  await emit();
  const from = performance.now();
  for (let n = 0; n < times; n += CALLERS) await Promise.all(Array.from({ length: CALLERS }, emit));
  const perSecond = (times * 1_000) / (performance.now() - from);
  const alone = performance.now();
  for (let n = 0; n < 20; n++) await emit();
  const ms = (performance.now() - alone) / 20;
  console.log(
    `${count} filtered endpoints: ${Math.round(perSecond)} events/s, ${ms.toFixed(2)} ms for one alone`,
  );
}
await app.close();
