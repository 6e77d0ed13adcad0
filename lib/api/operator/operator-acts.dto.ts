import { Allow, IsIn, IsInt, IsNotEmpty, IsObject, IsOptional, Max, Min } from 'class-validator';
import { DURATION_PATTERN } from '../../domain/duration.js';
import { JOB_KINDS, type JobKind } from '../../domain/jobs.js';
import { PAUSE_SCOPES, type PauseScope } from '../../domain/pauses.js';
import { MOST_PER_SECOND, type JobInput } from '../../operation/acts/jobs/job-request.js';
import type { TenantSettingsInput } from '../../operation/acts/tenant-settings.service.js';
import { About, Written } from '../dto/documented.js';
import { IsEndpointId, IsText } from '../dto/field-rules.js';

const text = { type: 'string', maxLength: 255 };
const time = {
  anyOf: [
    { type: 'string', format: 'date-time' },
    { type: 'integer', minimum: 0 },
  ],
};
const status = { type: 'string', enum: ['pending', 'failed', 'canceled', 'succeeded'] };

/** The service checks which of them a kind takes. */
const JOB_FILTER = {
  type: 'object',
  properties: {
    tenant: text,
    endpointId: text,
    type: text,
    status: { anyOf: [status, { type: 'array', items: status, minItems: 1 }] },
    statusCode: { type: 'integer', minimum: 100, maximum: 999 },
    errorCode: text,
    from: time,
    to: time,
  },
  additionalProperties: false,
};

const RETENTION = {
  anyOf: [{ type: 'string', pattern: DURATION_PATTERN }, { type: 'integer', minimum: 0 }, { const: false }],
};
const LIMIT = { type: 'integer', minimum: 1, maximum: 1_000_000 };

/** The body of `POST pauses`. */
export class PauseWebhooksDto {
  @About('How much to pause.')
  @IsIn(PAUSE_SCOPES)
  scope!: PauseScope;

  @About('The tenant, with the scope `tenant`.')
  @IsOptional()
  @IsText(255)
  tenant?: string;

  @About('The endpoint, with the scope `endpoint`.')
  @IsOptional()
  @IsEndpointId()
  endpointId?: string;

  @About('Why, for colleagues.')
  @IsOptional()
  @IsText(500)
  reason?: string;
}

/** The body of `POST jobs`. Which keys its objects may have depends on the kind, so the service checks them. */
export class WebhookJobDto {
  @About('What to do.')
  @IsIn(JOB_KINDS)
  kind!: JobKind;

  @About('What to do it with: each kind takes some of these.')
  @Written(JOB_FILTER)
  @IsOptional()
  @IsObject()
  filter?: JobInput['filter'];

  @About('How many deliveries a second; 50 where it is left out.')
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_PER_SECOND)
  perSecond?: number;

  @About('Of `move`: the endpoint that gets the events.')
  @IsOptional()
  @IsEndpointId()
  to?: string;

  @About('Of `erase`: a filter like those of endpoints; only matching events are erased.')
  @IsOptional()
  @IsObject()
  where?: JobInput['where'];
}

/** The tenant; `''` in an app without tenants. */
export class TenantDto {
  @About("The tenant; `''` in an app without tenants.")
  @IsText(255)
  tenant!: string;
}

/** The body of `PUT settings`. The service checks the values. */
export class WebhookTenantSettingsDto {
  @About('How long finished deliveries and their events are kept, an hour at least; `false`: for ever.')
  @Written(RETENTION)
  @IsOptional()
  @Allow()
  retention?: TenantSettingsInput['retention'];

  @About('How many endpoints it may have.')
  @Written(LIMIT)
  @IsOptional()
  @IsInt()
  endpoints?: number;

  @About('Tests a minute.')
  @Written(LIMIT)
  @IsOptional()
  @IsInt()
  testsPerMinute?: number;

  @About('Resends a minute.')
  @Written(LIMIT)
  @IsOptional()
  @IsInt()
  resendsPerMinute?: number;
}

/** The body of `POST endpoints/:id/disable`. */
export class DisableWebhookDto {
  @About('Why: the owner of the endpoint reads it.')
  @IsText(500)
  @IsNotEmpty()
  @Written({ type: 'string', minLength: 1, maxLength: 500 })
  reason!: string;
}
