import { Allow, IsIn, IsInt, IsNotEmpty, IsObject, IsOptional, Max, Min } from 'class-validator';
import { JOB_KINDS, type JobKind } from '../../domain/jobs.js';
import { PAUSE_SCOPES, type PauseScope } from '../../domain/pauses.js';
import { MOST_PER_SECOND, type JobInput } from '../../operation/acts/jobs/job-request.js';
import type { TenantSettingsInput } from '../../operation/acts/tenant-settings.service.js';
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

/** The body of `POST jobs`. Which keys its objects may have depends on the kind, so the service checks them. */
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

/** The tenant; `''` in an app without tenants. */
export class TenantDto {
  @IsText(255)
  tenant!: string;
}

/** The body of `PUT settings`. The service checks the values. */
export class WebhookTenantSettingsDto {
  @IsOptional()
  @Allow()
  retention?: TenantSettingsInput['retention'];

  @IsOptional()
  @IsInt()
  endpoints?: number;

  @IsOptional()
  @IsInt()
  testsPerMinute?: number;

  @IsOptional()
  @IsInt()
  resendsPerMinute?: number;
}

/** The body of `POST endpoints/:id/disable`. */
export class DisableWebhookDto {
  @IsText(500)
  @IsNotEmpty()
  reason!: string;
}
