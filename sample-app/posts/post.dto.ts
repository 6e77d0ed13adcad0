import { IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { ENGAGEMENT_KINDS, type EngagementKind } from './engagement-kinds.js';

export class CreatePostDto {
  @IsString()
  platformId!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(5_000)
  content!: string;

  /** Publishes it immediately. */
  @IsOptional()
  @IsBoolean()
  publish?: boolean;
}

export class EngageDto {
  @IsIn(ENGAGEMENT_KINDS)
  kind!: EngagementKind;

  /** The person who likes, comments or shares. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  username!: string;

  /** The text of a comment. */
  @IsOptional()
  @IsString()
  @MaxLength(5_000)
  content?: string;
}
