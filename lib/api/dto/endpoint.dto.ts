import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { Transform } from 'class-transformer';
import { MAX_EVENT_TYPE_LENGTH } from '../../domain/event-type.js';
import { parseDuration } from '../../domain/duration.js';

const MAX_PATTERNS = 200;
const MAX_OVERLAP_MS = 30 * 86_400_000;

/** Unlike IsOptional, `null` counts as a value: it is refused where it can't be stored. */
const IfGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
const IfNotNull = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined && value !== null);
/** PostgreSQL can't store it. */
const NoNulCharacter = (): PropertyDecorator =>
  // oxlint-disable-next-line eslint/no-control-regex
  Matches(/^[^\0]*$/, { message: '$property must not contain a NUL character' });

/** The body of `PATCH /:id`: what is left out stays as it is. */
export class UpdateWebhookEndpointDto {
  @IfGiven()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  @NoNulCharacter()
  name?: string;

  @IfGiven()
  @IsString()
  @MaxLength(2048)
  url?: string;

  /** Event types, `group.*` or `*`. */
  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_PATTERNS)
  @IsString({ each: true })
  @MaxLength(MAX_EVENT_TYPE_LENGTH, { each: true })
  events?: string[];

  @IfGiven()
  @IsBoolean()
  active?: boolean;

  @IfNotNull()
  @IsString()
  @MaxLength(2000)
  @NoNulCharacter()
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
export class CreateWebhookEndpointDto extends UpdateWebhookEndpointDto {
  @ValidateIf(() => true)
  declare name: string;

  @ValidateIf(() => true)
  declare url: string;

  @ValidateIf(() => true)
  declare events: string[];
}

/** The body of `POST /:id/secret/rotate`. */
export class RotateWebhookSecretDto {
  /** How long the secrets before it go on signing: `'24h'`, or ms; 0 ends them at once. */
  @IfGiven()
  @Transform(({ value }) => parseDuration(value) ?? NaN)
  @IsInt({ message: "overlap must be a duration such as '24h', or a number of ms" })
  @Min(0)
  @Max(MAX_OVERLAP_MS, { message: 'overlap must not be longer than 30d' })
  overlap?: number;
}

/** The body of `POST /:id/test`. */
export class TestWebhookEndpointDto {
  @IsString()
  @MaxLength(MAX_EVENT_TYPE_LENGTH)
  eventType!: string;
}
