import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { Platform } from './platform.entity.js';
import { PlatformsController } from './platforms.controller.js';
import { PlatformsService } from './platforms.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Platform]), AccountsModule],
  controllers: [PlatformsController],
  providers: [PlatformsService],
  exports: [PlatformsService],
})
export class PlatformsModule {}
