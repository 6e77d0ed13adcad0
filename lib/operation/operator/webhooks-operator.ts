import { Inject, Injectable } from '@nestjs/common';
import { JobsService } from '../acts/jobs/jobs.service.js';
import { PausesService } from '../acts/pauses.service.js';
import { OperatorWorkersService } from './operator-workers.service.js';

/**
 * Sees and does over all tenants what those who run the app need, with the answers of the routes of the option `operator`: times are
 * ISO 8601. It is there without that option, too. No tenant is checked: keep it away from what customers reach.
 */
@Injectable()
export class WebhooksOperator {
  constructor(
    @Inject(OperatorWorkersService) readonly workers: OperatorWorkersService,
    @Inject(PausesService) readonly pauses: PausesService,
    @Inject(JobsService) readonly jobs: JobsService,
  ) {}
}
