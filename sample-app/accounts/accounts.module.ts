import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountController } from './account.controller.js';
import { Account } from './account.entity.js';
import { AccountsService } from './accounts.service.js';
import { ApiKey } from './api-key.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Account, ApiKey])],
  controllers: [AccountController],
  providers: [AccountsService],
  exports: [AccountsService],
})
export class AccountsModule {}
