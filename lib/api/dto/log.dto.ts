import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { MAX_EVENT_TYPE_LENGTH } from '../../domain/event-type.js';
import {
  WEBHOOK_DELIVERY_STATUSES,
  type WebhookDeliveryStatus,
} from '../../persistence/webhook-delivery.entity.js';
import { DURATION_PATTERN } from '../../domain/duration.js';
import { ENDPOINT_ORDERS } from '../../persistence/webhook-endpoint.repository.js';
import { LANGUAGE_TAG } from '../../routes/accepted-language.js';
import { About, Written } from './documented.js';
import { coded, IsDuration, IsEndpointId, IsFlag, IsText, IsTime } from './field-rules.js';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 250;
const MAX_IDS = 250;
const MAX_SEARCH = 200;
/** They are sent one after the other, while the caller waits. */
const MAX_RESENDS = 100;
const ENDPOINT_IDS = new RegExp(`^ep_[0-9a-f]{32}(?:,ep_[0-9a-f]{32}){0,${MAX_IDS - 1}}$`);

/** The query of every list. */
export class WebhookPageDto {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  @About('The most that a page has.')
  limit = DEFAULT_LIMIT;

  @About('The `nextCursor` of the page before.')
  @IsOptional()
  @IsString()
  @Matches(/^[a-z]{2,3}_[0-9a-f]{32}$/, {
    message: 'cursor must be the nextCursor of the page before',
    ...coded('not-cursor'),
  })
  cursor?: string;
}

/** The query of `GET /`. */
export class ListWebhookEndpointsDto extends WebhookPageDto {
  @About('A part of the name or the URL, in upper or lower case.')
  @IsOptional()
  @IsText(255)
  search?: string;

  @About('Only those that are on, or off.')
  @IsOptional()
  @IsFlag()
  active?: boolean;

  @About('Only those that were disabled or have failed since their last success, or the others.')
  @IsOptional()
  @IsFlag()
  failing?: boolean;

  @About(
    'The newest first, or by `health`: failing, disabled, paused, the others. Default: `newest`. The same on every page.',
  )
  @IsOptional()
  @IsIn(ENDPOINT_ORDERS)
  sort?: (typeof ENDPOINT_ORDERS)[number];
}

/** The query of `GET /events`. */
export class ListWebhookEventsDto extends WebhookPageDto {
  @About('Only of this type.')
  @IsOptional()
  @IsText(MAX_EVENT_TYPE_LENGTH)
  eventType?: string;

  @About('From this time on.')
  @IsOptional()
  @IsTime()
  since?: number;

  @About('Up to this time, exclusive.')
  @IsOptional()
  @IsTime()
  until?: number;

  @About('Only tests, or none.')
  @IsOptional()
  @IsFlag()
  test?: boolean;
}

/** The query of `GET /event-types`. */
export class EventTypesDto {
  @About('The language of descriptions and groups, by BCP 47. Default: what `Accept-Language` asks for most.')
  @IsOptional()
  @Matches(LANGUAGE_TAG, {
    message: '$property must be a language by BCP 47, such as de or pt-BR',
    ...coded('not-language'),
  })
  @Written({ type: 'string', pattern: LANGUAGE_TAG.source })
  locale?: string;

  @About('The version of the data, one of `versions` in the settings. Default: the newest.')
  @IsOptional()
  @IsString()
  version?: string;
}

/** The query of `GET /:id/deliveries`. */
export class ListWebhookDeliveriesDto extends ListWebhookEventsDto {
  @About('Only those in this state.')
  @IsOptional()
  @IsIn(WEBHOOK_DELIVERY_STATUSES)
  status?: WebhookDeliveryStatus;

  @About('The id of a delivery or of an event, or any text of the body.')
  @IsOptional()
  @IsText(MAX_SEARCH)
  search?: string;

  @About('Of the last attempt: a status such as `503`, or a class of them such as `5xx`.')
  @IsOptional()
  @IsString()
  @Matches(/^[1-5](?:\d\d|xx)$/, {
    message: "statusCode must be a status such as 503, or '5xx'",
    ...coded('not-status-code'),
  })
  statusCode?: string;

  @About('Of the last attempt, such as `timeout`.')
  @IsOptional()
  @IsString()
  @Matches(/^[a-z-]{1,32}$/, {
    message: 'errorCode must be the errorCode of a delivery, such as timeout',
    ...coded('not-error-code'),
  })
  errorCode?: string;

  @About('Of the last attempt, at least: a duration such as `2s`.')
  @Written({ type: 'string', pattern: DURATION_PATTERN })
  @IsOptional()
  @IsDuration()
  minDuration?: number;

  @About('With an attempt from this time on.')
  @IsOptional()
  @IsTime()
  attemptedSince?: number;

  @About('With an attempt up to this time, exclusive.')
  @IsOptional()
  @IsTime()
  attemptedUntil?: number;
}

/** The body of `POST /deliveries/retry`. */
export class RetryWebhookDeliveriesDto {
  @About('The ids of the deliveries.')
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_RESENDS)
  @ArrayUnique()
  @Matches(/^dlv_[0-9a-f]{32}$/, {
    each: true,
    message: 'ids must be ids of deliveries',
    ...coded('not-id', { of: 'delivery' }),
  })
  ids!: string[];
}

/** The query of `GET /deliveries`. */
export class ListAllWebhookDeliveriesDto extends ListWebhookDeliveriesDto {
  @About('Only to this endpoint.')
  @IsOptional()
  @IsEndpointId()
  endpointId?: string;
}

/** The query of `GET /stats` and `GET /:id/stats`. */
export class WebhookStatsDto {
  @About('From this time on, taken down to its hour. Default: a day before `until`.')
  @IsOptional()
  @IsTime()
  since?: number;

  @About('Up to this time, exclusive, taken up to the end of its hour. Default: now.')
  @IsOptional()
  @IsTime()
  until?: number;

  @About('Whole hours, such as `1h` or `7d`. Default: `1h`.')
  @Written({ type: 'string', pattern: DURATION_PATTERN })
  @IsOptional()
  @IsDuration()
  bucket?: number;
}

/** The query of `GET /stats/endpoints`. */
export class WebhookEndpointStatsDto extends WebhookStatsDto {
  @About('Ids of endpoints, separated by commas.')
  @IsString()
  @Matches(ENDPOINT_IDS, {
    message: `ids must be 1 to ${MAX_IDS} ids of endpoints, separated by commas`,
    ...coded('not-id', { of: 'endpoint' }),
  })
  ids!: string;
}

/** The body of `POST /:id/recover`, and the query of `GET /:id/recover`. */
export class RecoverWebhooksDto {
  @About('What was emitted from this time on.')
  @IsTime()
  since!: number;

  @About('Up to this time, exclusive. Default: now.')
  @IsOptional()
  @IsTime()
  until?: number;
}
