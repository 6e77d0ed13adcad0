import { Controller, Get, UseGuards } from '@nestjs/common';
import { AccountId } from './account-id.decorator.js';
import { AccountGuard } from './account.guard.js';

@Controller('account')
@UseGuards(AccountGuard)
export class AccountController {
  @Get()
  show(@AccountId() id: string): { id: string } {
    return { id };
  }
}
