import { randomBytes } from 'node:crypto';
import { InjectQueue } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Queue } from 'bull';
import { Repository } from 'typeorm';
import { Endpoint } from './endpoint.entity.js';
import { Event } from './event.entity.js';

export const WEBHOOKS_QUEUE = 'webhooks';

export interface DeliveryJob {
  readonly deliveryId: string;
}

@Injectable()
export class PlainWebhooksService {
  constructor(
    @InjectRepository(Event) private readonly events: Repository<Event>,
    @InjectRepository(Endpoint) private readonly endpoints: Repository<Endpoint>,
    @InjectQueue(WEBHOOKS_QUEUE) private readonly queue: Queue<DeliveryJob>,
  ) {}

  register(tenant: string, url: string, events: string[]): Promise<Endpoint> {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    return this.endpoints.save(this.endpoints.create({ tenant, url, events, secret }));
  }

  async emit(tenant: string, type: string, data: object): Promise<Event> {
    const endpoints = await this.endpoints.findBy({ tenant, active: true });
    const wanting = endpoints.filter(({ events }) => events.includes(type) || events.includes('*'));

    // One transaction: the deliveries are saved with their event.
    const deliveries = wanting.map((endpoint) => ({ endpoint }));
    const event = await this.events.save(this.events.create({ tenant, type, data, deliveries }));

    await this.queue.addBulk(event.deliveries.map(({ id }) => ({ data: { deliveryId: id } })));
    return event;
  }
}
