import { Module } from '@nestjs/common';
import { WebhookMailsService } from './webhook-mails.service.js';

/** Imported with SMTP_URL only. */
@Module({ providers: [WebhookMailsService] })
export class MailModule {}
