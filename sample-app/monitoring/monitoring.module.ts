import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { MonitoringController } from './monitoring.controller.js';
import { MonitoringGuard } from './monitoring.guard.js';

/** Imported with MONITORING_TOKEN only. */
@Module({
  imports: [TerminusModule],
  controllers: [MonitoringController],
  providers: [MonitoringGuard],
})
export class MonitoringModule {}
