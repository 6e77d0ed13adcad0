import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

export class GainFollowerDto {
  @IsString()
  platformId!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  username!: string;
}

export class LoseFollowerDto {
  /** Required if the same name follows several platforms. */
  @IsOptional()
  @IsString()
  platformId?: string;
}
