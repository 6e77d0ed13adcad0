import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  UseGuards,
} from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import { ConnectPlatformDto, UpdatePlatformDto } from './platform.dto.js';
import type { Platform } from './platform.entity.js';
import { PlatformsService } from './platforms.service.js';

@Controller('platforms')
@UseGuards(AccountGuard)
export class PlatformsController {
  constructor(@Inject(PlatformsService) private readonly platforms: PlatformsService) {}

  @Get()
  list(@AccountId() accountId: string): Promise<Platform[]> {
    return this.platforms.list(accountId);
  }

  @Post()
  connect(@AccountId() accountId: string, @Body() dto: ConnectPlatformDto): Promise<Platform> {
    return this.platforms.connect(accountId, dto);
  }

  @Patch(':id')
  async rename(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Body() { username }: UpdatePlatformDto,
  ): Promise<Platform> {
    const { platform } = await this.platforms.rename(accountId, id, username);
    return platform;
  }

  @Delete(':id')
  @HttpCode(204)
  async disconnect(@AccountId() accountId: string, @Param('id') id: string): Promise<void> {
    await this.platforms.disconnect(accountId, id);
  }
}
