import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { WebhooksService } from 'nestjs-webhooks';
import { MonitoringGuard } from './monitoring.guard.js';

/** Routes for Prometheus and for probes. The status is 503, with the reasons, if nothing is sent. */
@Controller('monitoring')
@UseGuards(MonitoringGuard)
export class MonitoringController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
  ) {}

  @Get('health')
  @HealthCheck()
  check(): Promise<HealthCheckResult> {
    return this.health.check([() => this.webhooks.health.isHealthy('webhooks')]);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.webhooks.metrics();
  }
}
