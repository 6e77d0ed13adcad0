import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule, WebhooksService, webhooksMigrations, type WebhooksOptions } from 'nestjs-webhooks';
import {
  durable,
  EVENT_DATA,
  EVENT_TYPE,
  tenantOf,
  type SubjectApp,
  type SubjectConfig,
} from './subject-app.js';

/** The built package, with its defaults. */
export async function oursApp({ database, redis, worker = true }: SubjectConfig): Promise<SubjectApp> {
  class AppModule {}
  Module({
    imports: [
      TypeOrmModule.forRoot({
        ...durable(database),
        autoLoadEntities: true,
        migrations: webhooksMigrations,
        migrationsRun: true,
      }),
      WebhooksModule.forRoot({
        events: { [EVENT_TYPE]: {} },
        api: false,
        worker,
        network: { allowHttp: true, allowPrivateNetworks: true },
        telemetry: JSON.parse(process.env.BENCH_TELEMETRY ?? '{}') as WebhooksOptions['telemetry'],
        ...redis,
      }),
    ],
  })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const webhooks = app.get(WebhooksService);
  return {
    operations: await operations(app),
    addEndpoint: async (tenant, url) => {
      await webhooks.endpoints.create(tenant, { name: 'Sink', url, events: ['*'] });
    },
    emit: async (n) => (await webhooks.emit(EVENT_TYPE, EVENT_DATA, { tenant: tenantOf(n) })).id,
  };
}

/** What the relay claims with. It is not public, so it is imported from where the package has it. */
interface Claiming {
  claimOldest(
    claim: { now: number; limit: number },
    lease: { token: string; expiresAt: number },
  ): Promise<unknown>;
}

const PAGE = { limit: 50 };
const CLAIM_SIZE = 200;

/** What an app's routes and the relay do, for the first tenant. */
async function operations(app: INestApplicationContext): Promise<SubjectApp['operations']> {
  const webhooks = app.get(WebhooksService);
  const file = new URL(
    './persistence/webhook-delivery.repository.js',
    import.meta.resolve('nestjs-webhooks'),
  );
  const { WebhookDeliveryRepository } = (await import(file.href)) as Record<string, new () => Claiming>;
  const deliveries = app.get<Claiming>(WebhookDeliveryRepository!, { strict: false });
  const tenant = tenantOf(0);
  let endpointId: string | undefined;
  return {
    'list of an endpoint': async () => {
      endpointId ??= (await webhooks.endpoints.list(tenant, { limit: 1 })).data[0]!.id;
      return webhooks.deliveries.ofEndpoint({ tenant, endpointId }, PAGE);
    },
    'list of a tenant': () => webhooks.deliveries.list({ tenant }, PAGE),
    'stats of 24 h': () => webhooks.stats.ofTenant(tenant),
    // The lease has ended when it begins, so that there is as much to claim the next time.
    claim: (n) => {
      const now = Date.now();
      return deliveries.claimOldest({ now, limit: CLAIM_SIZE }, { token: `bench-${n}`, expiresAt: now - 1 });
    },
  };
}
