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
import { IsDuration, IsEndpointId, IsFlag, IsText, IsTime } from './field-rules.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const MAX_IDS = 250;
const MAX_SEARCH = 200;
/** Sent one after the other, while the caller waits. */
const MAX_RESENDS = 100;
const ENDPOINT_IDS = new RegExp(`^ep_[0-9a-f]{32}(?:,ep_[0-9a-f]{32}){0,${MAX_IDS - 1}}$`);

/** The query of every list. */
export class WebhookPageDto {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit = DEFAULT_LIMIT;

  /** The `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @Matches(/^[a-z]{2,3}_[0-9a-f]{32}$/, { message: 'cursor must be the nextCursor of the page before' })
  cursor?: string;
}

/** The query of `GET /`. */
export class ListWebhookEndpointsDto extends WebhookPageDto {
  /** A part of the name or the URL. */
  @IsOptional()
  @IsText(255)
  search?: string;

  @IsOptional()
  @IsFlag()
  active?: boolean;

  /** Disabled by the app, or failing since its last success. */
  @IsOptional()
  @IsFlag()
  failing?: boolean;
}

/** The query of `GET /events`. */
export class ListWebhookEventsDto extends WebhookPageDto {
  @IsOptional()
  @IsText(MAX_EVENT_TYPE_LENGTH)
  eventType?: string;

  @IsOptional()
  @IsTime()
  since?: number;

  /** Exclusive. */
  @IsOptional()
  @IsTime()
  until?: number;

  @IsOptional()
  @IsFlag()
  test?: boolean;
}

/** The query of `GET /:id/deliveries`. */
export class ListWebhookDeliveriesDto extends ListWebhookEventsDto {
  @IsOptional()
  @IsIn(WEBHOOK_DELIVERY_STATUSES)
  status?: WebhookDeliveryStatus;

  /** The id of a delivery or of an event, or any text of the body. */
  @IsOptional()
  @IsText(MAX_SEARCH)
  search?: string;

  /** Of the last attempt: a status such as `503`, or a class of them such as `5xx`. */
  @IsOptional()
  @IsString()
  @Matches(/^[1-5](?:\d\d|xx)$/, { message: "statusCode must be a status such as 503, or '5xx'" })
  statusCode?: string;

  /** Of the last attempt. */
  @IsOptional()
  @IsString()
  @Matches(/^[a-z-]{1,32}$/, { message: 'errorCode must be the errorCode of a delivery, such as timeout' })
  errorCode?: string;

  /** Of the last attempt, at least. */
  @IsOptional()
  @IsDuration()
  minDuration?: number;

  /** An attempt was made then. */
  @IsOptional()
  @IsTime()
  attemptedSince?: number;

  /** Exclusive. */
  @IsOptional()
  @IsTime()
  attemptedUntil?: number;
}

/** The body of `POST /deliveries/retry`. */
export class RetryWebhookDeliveriesDto {
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_RESENDS)
  @ArrayUnique()
  @Matches(/^dlv_[0-9a-f]{32}$/, { each: true, message: 'ids must be ids of deliveries' })
  ids!: string[];
}

/** The query of `GET /deliveries`. */
export class ListAllWebhookDeliveriesDto extends ListWebhookDeliveriesDto {
  @IsOptional()
  @IsEndpointId()
  endpointId?: string;
}

/** The query of `GET /stats` and `GET /:id/stats`. */
export class WebhookStatsDto {
  /** Taken down to its hour. */
  @IsOptional()
  @IsTime()
  since?: number;

  /** Exclusive; taken up to the end of its hour. */
  @IsOptional()
  @IsTime()
  until?: number;

  /** A duration of whole hours, such as `1h`. */
  @IsOptional()
  @IsDuration()
  bucket?: number;
}

/** The query of `GET /stats/endpoints`. */
export class WebhookEndpointStatsDto extends WebhookStatsDto {
  /** Separated by commas. */
  @IsString()
  @Matches(ENDPOINT_IDS, { message: `ids must be 1 to ${MAX_IDS} ids of endpoints, separated by commas` })
  ids!: string;
}

/** The body of `POST /:id/recover`, and the query of `GET /:id/recover`. */
export class RecoverWebhooksDto {
  @IsTime()
  since!: number;

  /** Exclusive. Default: now. */
  @IsOptional()
  @IsTime()
  until?: number;
}
