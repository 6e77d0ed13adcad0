import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { parseDuration } from '../../domain/duration.js';
import { MAX_EVENT_TYPE_LENGTH } from '../../domain/event-type.js';
import {
  WEBHOOK_DELIVERY_STATUSES,
  type WebhookDeliveryStatus,
} from '../../persistence/webhook-delivery.entity.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const MAX_DATE_MS = 8_640_000_000_000_000;

/** What is neither a date nor a number becomes NaN, which IsInt refuses. */
function toEpochMs(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  if (/^\d{1,16}$/.test(value)) return Number(value);
  return /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
}

/** ISO 8601, or epoch ms; epoch ms in the DTO. */
const IsTime = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => toEpochMs(value)),
    IsInt({ message: '$property must be an ISO 8601 date or epoch milliseconds' }),
    Min(0),
    Max(MAX_DATE_MS),
  );

/** The query of every list; of `GET /` it is all. */
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

/** The query of `GET /events`. */
export class ListWebhookEventsDto extends WebhookPageDto {
  @IsOptional()
  @IsString()
  @MaxLength(MAX_EVENT_TYPE_LENGTH)
  eventType?: string;

  @IsOptional()
  @IsTime()
  since?: number;

  /** Exclusive. */
  @IsOptional()
  @IsTime()
  until?: number;
}

/** The query of `GET /:id/deliveries`. */
export class ListWebhookDeliveriesDto extends ListWebhookEventsDto {
  @IsOptional()
  @IsIn(WEBHOOK_DELIVERY_STATUSES)
  status?: WebhookDeliveryStatus;
}

/** The query of `GET /stats` and `GET /:id/stats`. */
export class WebhookStatsDto {
  @IsOptional()
  @IsTime()
  since?: number;

  /** Exclusive. */
  @IsOptional()
  @IsTime()
  until?: number;

  /** A duration such as `1h`. */
  @IsOptional()
  @Transform(({ value }) => parseDuration(value) ?? Number.NaN)
  @IsInt({ message: "bucket must be a duration such as '1h'" })
  bucket?: number;
}

/** The body of `POST /:id/recover`. */
export class RecoverWebhooksDto {
  @IsTime()
  since!: number;

  /** Exclusive. Default: now. */
  @IsOptional()
  @IsTime()
  until?: number;
}
