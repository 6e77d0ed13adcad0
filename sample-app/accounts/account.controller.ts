import { Controller, Get, UseGuards } from '@nestjs/common';
import { AccountId } from './account-id.decorator.js';
import { ApiKeyGuard } from './api-key.guard.js';

@Controller('account')
@UseGuards(ApiKeyGuard)
export class AccountController {
  @Get()
  show(@AccountId() id: string): { id: string } {
    return { id };
  }
}
