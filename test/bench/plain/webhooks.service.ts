import { randomBytes } from 'node:crypto';
import { InjectQueue } from '@nestjs/bull';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Queue } from 'bull';
import { Repository } from 'typeorm';
import { Delivery } from './delivery.entity.js';
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
    @InjectRepository(Delivery) private readonly deliveries: Repository<Delivery>,
    @InjectRepository(Endpoint) private readonly endpoints: Repository<Endpoint>,
    @InjectQueue(WEBHOOKS_QUEUE) private readonly queue: Queue<DeliveryJob>,
  ) {}

  register(tenant: string, url: string, events: string[]): Promise<Endpoint> {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    return this.endpoints.save(this.endpoints.create({ tenant, url, events, secret }));
  }

  /** One step after the other, as the documentation shows each of them. */
  async emit(tenant: string, type: string, data: object): Promise<Event> {
    const event = await this.events.save(this.events.create({ tenant, type, data }));
    for (const endpoint of await this.wanting(tenant, type)) {
      const { id } = await this.deliveries.save(this.deliveries.create({ event, endpoint }));
      await this.queue.add({ deliveryId: id });
    }
    return event;
  }

  /** What a team makes of it that has found out what takes the time: one transaction, and one command to Redis. */
  async emitInBulk(tenant: string, type: string, data: object): Promise<Event> {
    const deliveries = (await this.wanting(tenant, type)).map((endpoint) => ({ endpoint }));
    const event = await this.events.save(this.events.create({ tenant, type, data, deliveries }));
    await this.queue.addBulk(event.deliveries.map(({ id }) => ({ data: { deliveryId: id } })));
    return event;
  }

  private async wanting(tenant: string, type: string): Promise<Endpoint[]> {
    const endpoints = await this.endpoints.findBy({ tenant, active: true });
    return endpoints.filter(({ events }) => events.includes(type) || events.includes('*'));
  }
}
