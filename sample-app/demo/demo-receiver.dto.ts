import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';

export class ReceiverNameDto {
  @Matches(/^[\w-]{1,40}$/, { message: 'A receiver’s name has letters, digits, _ and -, at most 40' })
  name!: string;
}

export class ArrivalsQueryDto {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after?: number;
}

/** Fails `times` requests, or all requests for `seconds`. */
export class FailDto {
  @ValidateIf(({ seconds }: FailDto) => seconds === undefined)
  @IsInt()
  @Min(1)
  @Max(1_000)
  times?: number;

  @ValidateIf(({ times }: FailDto) => times === undefined)
  @IsInt()
  @Min(1)
  @Max(3_600)
  seconds?: number;
}

export class GiveSecretDto {
  @Matches(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, { message: 'secret must be the whsec_… of the webhook' })
  secret!: string;
}
