import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class ReceiveMessageDto {
  @IsString()
  platformId!: string;

  /** The sender's name. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  username!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(5_000)
  content!: string;
}
