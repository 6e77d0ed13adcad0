import { Body, Controller, Get, Inject, Post, UseGuards } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import type { Message } from './message.entity.js';
import { MessagesService } from './messages.service.js';
import { ReceiveMessageDto } from './receive-message.dto.js';

@Controller('messages')
@UseGuards(AccountGuard)
export class MessagesController {
  constructor(@Inject(MessagesService) private readonly messages: MessagesService) {}

  @Get()
  list(@AccountId() accountId: string): Promise<Message[]> {
    return this.messages.list(accountId);
  }

  /** Simulates the report of a platform that somebody wrote to the account. */
  @Post()
  receive(@AccountId() accountId: string, @Body() dto: ReceiveMessageDto): Promise<Message> {
    return this.messages.receive(accountId, dto);
  }
}
