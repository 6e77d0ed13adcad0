import { InjectQueue } from '@nestjs/bull';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Queue } from 'bull';
import { WEBHOOKS_DATABASE_IDENTITY } from '../../config/tokens.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import { WEBHOOKS_BULL_QUEUE } from './bull.queue.js';

const REMEMBERED_S = 86_400;

/** Warns where two databases share a prefix in Redis: their workers wake each other, and sleep through their own work. */
@Injectable()
export class SharedPrefix implements OnModuleInit {
  private readonly logger = new WebhooksLogger();

  constructor(
    @InjectQueue(WEBHOOKS_BULL_QUEUE) private readonly queue: Queue,
    @Inject(WEBHOOKS_DATABASE_IDENTITY) private readonly identity: string,
  ) {}

  /** Without waiting: Redis may be away. */
  onModuleInit(): void {
    // Of a Redis that is away, or refuses it, the queue tells.
    this.look().catch(() => undefined);
  }

  private async look(): Promise<void> {
    const { client } = this.queue;
    const key = this.queue.toKey('database');
    const other = await client.get(key);
    await client.set(key, this.identity, 'EX', REMEMBERED_S);
    if (other === null || other === this.identity) return;
    this.logger.warn(
      'The prefix of the queue in Redis (option redisPrefix) is used for another database, too: its workers take wake-ups of ' +
        'this one, whose deliveries are late then. Write another redisPrefix, or none. After a move of the database this is ' +
        'told once.',
    );
  }
}
