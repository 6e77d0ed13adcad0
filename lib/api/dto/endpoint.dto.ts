import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  NotContains,
  ValidateIf,
} from 'class-validator';
import { parseDuration } from '../../domain/duration.js';
import { MAX_EVENT_TYPE_LENGTH } from '../../domain/event-type.js';

const MAX_PATTERNS = 200;
const MAX_OVERLAP_MS = 30 * 86_400_000;

/** Unlike with IsOptional, `null` counts as a value, and is refused where it can't be stored. */
const IfGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
const IfNotNull = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined && value !== null);

/** PostgreSQL can't store a NUL character. */
const IsText = (maxLength: number): PropertyDecorator =>
  applyDecorators(
    IsString(),
    MaxLength(maxLength),
    NotContains('\0', { message: '$property must not contain a NUL character' }),
  );

const IsName = (): PropertyDecorator => applyDecorators(IsText(255), IsNotEmpty());
const IsUrlText = (): PropertyDecorator => applyDecorators(IsString(), MaxLength(2048));
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
}

/** The body of `POST /`. */
export class CreateWebhookEndpointDto extends EndpointSettingsDto {
  @IsName()
  name!: string;

  @IsUrlText()
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
  @IsUrlText()
  url?: string;

  /** Event types, `group.*` or `*`. */
  @IfGiven()
  @IsPatternList()
  events?: string[];
}

/** The body of `POST /:id/secret/rotate`. */
export class RotateWebhookSecretDto {
  /** How long the secrets before it go on signing: `'24h'`, or ms; 0 ends them at once. */
  @IfGiven()
  @Transform(({ value }) => parseDuration(value) ?? Number.NaN)
  @IsInt({ message: "overlap must be a duration such as '24h', or a number of ms" })
  @Max(MAX_OVERLAP_MS, { message: 'overlap must not be longer than 30d' })
  overlap?: number;
}

/** The body of `POST /:id/test`. */
export class TestWebhookEndpointDto {
  @IsString()
  @MaxLength(MAX_EVENT_TYPE_LENGTH)
  eventType!: string;
}
