import { IsIn, IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import { JOB_KINDS, type JobKind } from '../../domain/jobs.js';
import { PAUSE_SCOPES, type PauseScope } from '../../domain/pauses.js';
import { MOST_PER_SECOND, type JobInput } from '../../operation/acts/jobs/job-request.js';
import { IsEndpointId, IsText } from '../dto/field-rules.js';

/** The body of `POST pauses`. */
export class PauseWebhooksDto {
  @IsIn(PAUSE_SCOPES)
  scope!: PauseScope;

  @IsOptional()
  @IsText(255)
  tenant?: string;

  @IsOptional()
  @IsEndpointId()
  endpointId?: string;

  @IsOptional()
  @IsText(500)
  reason?: string;
}

/** The body of `POST jobs`. What its objects may hold depends on the kind, and is checked by the service. */
export class WebhookJobDto {
  @IsIn(JOB_KINDS)
  kind!: JobKind;

  @IsOptional()
  @IsObject()
  filter?: JobInput['filter'];

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_PER_SECOND)
  perSecond?: number;

  @IsOptional()
  @IsEndpointId()
  to?: string;

  @IsOptional()
  @IsObject()
  where?: JobInput['where'];
}
