import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class ReceiveMessageDto {
  @IsString()
  platformId!: string;

  /** Who sent it. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  username!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(5_000)
  content!: string;
}
