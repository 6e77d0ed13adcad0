import { IsIn, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { PLATFORM_TYPES, type PlatformType } from './platform-types.js';

export class UpdatePlatformDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  username!: string;
}

export class ConnectPlatformDto extends UpdatePlatformDto {
  @IsIn(PLATFORM_TYPES)
  type!: PlatformType;
}
