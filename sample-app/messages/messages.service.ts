import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EmitsWebhook } from 'nestjs-webhooks';
import { Repository } from 'typeorm';
import { newId } from '../common/id.js';
import { isoTime } from '../common/time.js';
import { PlatformsService } from '../platforms/platforms.service.js';
import type { MessageReceived } from '../webhooks/engagement.events.js';
import { Message } from './message.entity.js';
import type { ReceiveMessageDto } from './receive-message.dto.js';

const LIST_SIZE = 200;

const toMessageReceived = ({ id, platform, username, content, receivedAt }: Message): MessageReceived => ({
  message_id: id,
  platform,
  username,
  content,
  received_at: isoTime(receivedAt),
});

@Injectable()
export class MessagesService {
  constructor(
    @InjectRepository(Message) private readonly messages: Repository<Message>,
    @Inject(PlatformsService) private readonly platforms: PlatformsService,
  ) {}

  @EmitsWebhook('message.received', {
    data: toMessageReceived,
    tenant: ({ accountId }: Message) => accountId,
  })
  async receive(accountId: string, { platformId, username, content }: ReceiveMessageDto): Promise<Message> {
    const { type } = await this.platforms.get(accountId, platformId);
    return this.messages.save({
      id: newId('msg'),
      accountId,
      platformId,
      platform: type,
      username,
      content,
      receivedAt: Date.now(),
    });
  }

  list(accountId: string): Promise<Message[]> {
    return this.messages.find({ where: { accountId }, order: { receivedAt: 'DESC' }, take: LIST_SIZE });
  }
}
