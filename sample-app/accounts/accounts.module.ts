import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountController } from './account.controller.js';
import { Account } from './account.entity.js';
import { AccountsService } from './accounts.service.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysService } from './api-keys.service.js';
import { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Account, ApiKey, Session])],
  controllers: [AccountController],
  providers: [AccountsService, ApiKeysService, SessionsService],
  exports: [AccountsService, ApiKeysService, SessionsService],
})
export class AccountsModule {}
