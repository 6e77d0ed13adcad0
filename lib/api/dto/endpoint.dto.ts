import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MAX_EVENT_TYPE_LENGTH } from '../../domain/event-type.js';
import { MAX_PATTERNS } from '../../management/endpoint-rules.js';
import { IfGiven, IfNotNull, IsDuration, IsText } from './field-rules.js';

const MAX_OVERLAP_MS = 30 * 86_400_000;

const IsName = (): PropertyDecorator =>
  applyDecorators(IsText(255), Matches(/\S/, { message: '$property must not be empty' }));
const IsPatternList = (): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayNotEmpty(),
    ArrayMaxSize(MAX_PATTERNS),
    IsString({ each: true }),
    MaxLength(MAX_EVENT_TYPE_LENGTH, { each: true }),
  );

class EndpointSettingsDto {
  @IfGiven()
  @IsBoolean()
  active?: boolean;

  @IfNotNull()
  @IsText(2000)
  description?: string | null;

  @IfGiven()
  @IsObject()
  headers?: Record<string, string>;

  /** Requests per second, 1 to 1000; `null` for no limit. */
  @IfNotNull()
  @IsInt()
  @Min(1)
  @Max(1_000)
  rateLimit?: number | null;

  /** Requests at once from each worker, 1 to 1000; `null` for as many as it takes. */
  @IfNotNull()
  @IsInt()
  @Min(1)
  @Max(1_000)
  concurrency?: number | null;
}

/** The body of `POST /`. */
export class CreateWebhookEndpointDto extends EndpointSettingsDto {
  @IsName()
  name!: string;

  @IsText(2048)
  url!: string;

  /** Event types, `group.*` or `*`. */
  @IsPatternList()
  events!: string[];
}

/** The body of `PATCH /:id`: what is left out stays as it is. */
export class UpdateWebhookEndpointDto extends EndpointSettingsDto {
  @IfGiven()
  @IsName()
  name?: string;

  @IfGiven()
  @IsText(2048)
  url?: string;

  /** Event types, `group.*` or `*`. */
  @IfGiven()
  @IsPatternList()
  events?: string[];
}

/** The body of `POST /:id/secret/rotate`. */
export class RotateWebhookSecretDto {
  /** How long the secrets before it go on signing; 0 ends them at once. */
  @IfGiven()
  @IsDuration()
  @Max(MAX_OVERLAP_MS, { message: 'overlap must not be longer than 30d' })
  overlap?: number;
}

/** The body of `POST /:id/test`. */
export class TestWebhookEndpointDto {
  @IsText(MAX_EVENT_TYPE_LENGTH)
  eventType!: string;
}
