import { IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { ENGAGEMENT_KINDS, type EngagementKind } from './engagement-kinds.js';

export class CreatePostDto {
  @IsString()
  platformId!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(5_000)
  content!: string;

  /** Publishes it at once. */
  @IsOptional()
  @IsBoolean()
  publish?: boolean;
}

export class EngageDto {
  @IsIn(ENGAGEMENT_KINDS)
  kind!: EngagementKind;

  /** Who does it. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  username!: string;

  /** What a comment says. */
  @IsOptional()
  @IsString()
  @MaxLength(5_000)
  content?: string;
}
