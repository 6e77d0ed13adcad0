import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PlatformsModule } from '../platforms/platforms.module.js';
import { Message } from './message.entity.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Message]), AccountsModule, PlatformsModule],
  controllers: [MessagesController],
  providers: [MessagesService],
})
export class MessagesModule {}
