import type { WebhookDuration, WebhooksModuleOptions } from 'nestjs-webhooks';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AccountGuard, type AuthenticatedRequest } from '../accounts/account.guard.js';
import { OperatorGuard } from '../accounts/operator.guard.js';
import type { Environment } from '../config/environment.js';
import { eventCatalogue } from './event-catalogue.js';
import { guide } from './guide.js';

/**
 * All options that the package needs: the events, who may manage webhooks, and what differs between
 * installations.
 */
export function webhooksOptions(environment: Environment): WebhooksModuleOptions {
  const { allowLocal, encryptionKeys, monitoringToken, redisUrl, retrySchedule } = environment;
  return {
    events: eventCatalogue,
    api: {
      path: 'api/webhooks',
      guards: [AccountGuard],
      tenant: (request: AuthenticatedRequest) => request.account.id,
      actor: (request: AuthenticatedRequest) => request.account.id,
    },
    operator: {
      path: 'api/admin/webhooks',
      guards: [AccountGuard, OperatorGuard],
      actor: (request: AuthenticatedRequest) => request.account.id,
    },
    guide,
    documents: { security: { apiKey: { type: 'http', scheme: 'bearer' } } },
    imports: [AccountsModule],
    signature: { header: 'x-roundabout-signature' },
    network: allowLocal ? { allowHttp: true, allowPrivateNetworks: true } : {},
    encryption: { keys: encryptionKeys },
    ...(monitoringToken === undefined ? {} : { telemetry: { metrics: 'prometheus' } }),
    ...(redisUrl ? { redis: redisUrl } : {}),
    // The package checks the offsets.
    ...(retrySchedule ? { retry: { schedule: retrySchedule as WebhookDuration[] } } : {}),
  };
}
