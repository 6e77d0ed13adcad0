import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { parseDuration } from '../../domain/duration.js';
import { MAX_EVENT_TYPE_LENGTH } from '../../domain/event-type.js';
import { WEBHOOK_DELIVERY_STATUSES, type WebhookDeliveryStatus } from '../../persistence/webhook-delivery.entity.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const MAX_DATE_MS = 8_640_000_000_000_000;

/** ISO 8601, or epoch ms. What is neither becomes NaN, which IsInt refuses. */
function toEpochMs({ value }: { value: unknown }): unknown {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  if (/^\d{1,16}$/.test(value)) return Number(value);
  return /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
}

const NOT_A_TIME = '$property must be an ISO 8601 date or epoch milliseconds';

class TimeRangeDto {
  @IsOptional()
  @Transform(toEpochMs)
  @IsInt({ message: NOT_A_TIME })
  @Min(0)
  @Max(MAX_DATE_MS)
  since?: number;

  /** Exclusive. */
  @IsOptional()
  @Transform(toEpochMs)
  @IsInt({ message: NOT_A_TIME })
  @Min(0)
  @Max(MAX_DATE_MS)
  until?: number;
}

/** `limit` and `cursor` of every list. */
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
  @Transform(toEpochMs)
  @IsInt({ message: NOT_A_TIME })
  @Min(0)
  @Max(MAX_DATE_MS)
  since?: number;

  /** Exclusive. */
  @IsOptional()
  @Transform(toEpochMs)
  @IsInt({ message: NOT_A_TIME })
  @Min(0)
  @Max(MAX_DATE_MS)
  until?: number;
}

/** The query of `GET /:id/deliveries`. */
export class ListWebhookDeliveriesDto extends ListWebhookEventsDto {
  @IsOptional()
  @IsIn(WEBHOOK_DELIVERY_STATUSES)
  status?: WebhookDeliveryStatus;
}

/** The query of `GET /stats` and `GET /:id/stats`. */
export class WebhookStatsDto extends TimeRangeDto {
  /** A duration such as `1h`. */
  @IsOptional()
  @Transform(({ value }) => (value === undefined ? undefined : (parseDuration(value) ?? Number.NaN)))
  @IsInt({ message: "bucket must be a duration such as '1h'" })
  bucket?: number;
}

/** The body of `POST /:id/recover`. */
export class RecoverWebhooksDto {
  @Transform(toEpochMs)
  @IsInt({ message: NOT_A_TIME })
  @Min(0)
  @Max(MAX_DATE_MS)
  since!: number;

  /** Exclusive. Default: now. */
  @IsOptional()
  @Transform(toEpochMs)
  @IsInt({ message: NOT_A_TIME })
  @Min(0)
  @Max(MAX_DATE_MS)
  until?: number;
}
