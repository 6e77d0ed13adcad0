import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { DURATION_PATTERN } from '../../domain/duration.js';
import { ENDPOINT_STATES, type EndpointState } from '../../persistence/webhook-all-endpoints.repository.js';
import { About, Written } from '../dto/documented.js';
import { IsDuration, IsText } from '../dto/field-rules.js';
import {
  DEFAULT_LIMIT,
  ListAllWebhookDeliveriesDto,
  ListWebhookEventsDto,
  MAX_LIMIT,
  WebhookPageDto,
} from '../dto/log.dto.js';

const MAX_TENANT = 255;
const MAX_SEARCH = 2_048;

/** The query of `GET tenants`. */
export class ListOperatorTenantsDto {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  @About('The most that a page has.')
  limit = DEFAULT_LIMIT;

  @About('The `nextCursor` of the page before.')
  @IsOptional()
  @IsText(MAX_TENANT)
  cursor?: string;

  @About('A part of the name, in upper or lower case.')
  @IsOptional()
  @IsText(MAX_TENANT)
  query?: string;
}

/** The query of `GET tenant`. */
export class OperatorTenantDto {
  @About("Its name: `''` is that of an app without tenants.")
  @IsText(MAX_TENANT)
  tenant!: string;
}

/** The query of `GET endpoints`. */
export class ListOperatorEndpointsDto extends WebhookPageDto {
  @About('Only of this tenant.')
  @IsOptional()
  @IsText(MAX_TENANT)
  tenant?: string;

  @About('Only those in this state.')
  @IsOptional()
  @IsIn(ENDPOINT_STATES)
  state?: EndpointState;

  @About('A part of the name or the URL, in upper or lower case.')
  @IsOptional()
  @IsText(MAX_SEARCH)
  search?: string;
}

/** The query of `GET deliveries`. */
export class ListOperatorDeliveriesDto extends ListAllWebhookDeliveriesDto {
  @About('Only of this tenant.')
  @IsOptional()
  @IsText(MAX_TENANT)
  tenant?: string;
}

/** The query of `GET events`. */
export class ListOperatorEventsDto extends ListWebhookEventsDto {
  @About('Only of this tenant.')
  @IsOptional()
  @IsText(MAX_TENANT)
  tenant?: string;
}

/** The query of `GET lag` and `GET stats/tenants`. */
export class OperatorPeriodDto {
  @About('Until now, from `1m` to `7d`.')
  @Written({ type: 'string', pattern: DURATION_PATTERN })
  @IsOptional()
  @IsDuration()
  period?: number;
}

/** The query of `GET stats`. */
export class OperatorStatsDto extends OperatorPeriodDto {
  @About('Only of this tenant.')
  @IsOptional()
  @IsText(MAX_TENANT)
  tenant?: string;
}

/** The query of `GET search`. */
export class OperatorSearchDto {
  @About(
    "The id of an event, a delivery or an endpoint, or a part of a tenant's name, an endpoint's URL or its name.",
  )
  @IsText(MAX_SEARCH)
  q!: string;
}
