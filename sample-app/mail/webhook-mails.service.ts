import { Inject, Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { WebhooksService, type WebhookEndpointFailingEvent } from 'nestjs-webhooks';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { sendMail } from './smtp-client.js';

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' });

/**
 * Writes to the owner of a webhook that begins to fail, while there is time to fix it. The event comes once until the
 * webhook recovers.
 */
@Injectable()
export class WebhookMailsService {
  private readonly logger = new Logger('Mails');

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
  ) {}

  @OnEvent('webhooks.endpoint.failing')
  async onFailing({
    tenant,
    endpointId,
    failingSince,
    disabledFrom,
  }: WebhookEndpointFailingEvent): Promise<void> {
    const { mail, accountMails } = this.environment;
    const to = accountMails.get(tenant);
    if (!mail || !to) return;
    const { name } = await this.webhooks.endpoints.get(tenant, endpointId);
    const off =
      disabledFrom === null
        ? ''
        : `If it goes on, we turn the webhook off on ${DAY.format(new Date(disabledFrom))}.\n`;
    const text = `Hello ${tenant},

no request to your webhook "${name}" has succeeded since ${DAY.format(new Date(failingSince))}.
${off}
Its deliveries show what your server answered: Integrations, Webhooks, ${name}.
Once it works again, you can recover what it has missed.

Roundabout WebTraffic
`;
    try {
      await sendMail(mail.url, { from: mail.from, to, subject: 'Your webhook fails', text });
    } catch (error) {
      this.logger.error(`Could not tell ${tenant} of webhook ${endpointId}: ${(error as Error).message}`);
    }
  }
}
