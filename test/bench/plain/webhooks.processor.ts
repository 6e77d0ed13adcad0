import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Process, Processor } from '@nestjs/bull';
import { InjectRepository } from '@nestjs/typeorm';
import { create as createHttpClient, isAxiosError } from 'axios';
import type { Job } from 'bull';
import { Repository } from 'typeorm';
import { Attempt } from './attempt.entity.js';
import { Delivery } from './delivery.entity.js';
import { signedHeaders } from './signature.js';
import { WEBHOOKS_QUEUE, type DeliveryJob } from './webhooks.service.js';

const CONCURRENCY = 50;

@Processor(WEBHOOKS_QUEUE)
export class WebhooksProcessor {
  private readonly http = createHttpClient({
    timeout: 15_000,
    maxRedirects: 0,
    responseType: 'text',
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  });

  constructor(
    @InjectRepository(Delivery) private readonly deliveries: Repository<Delivery>,
    @InjectRepository(Attempt) private readonly attempts: Repository<Attempt>,
  ) {}

  @Process({ concurrency: CONCURRENCY })
  async deliver(job: Job<DeliveryJob>): Promise<void> {
    const delivery = await this.deliveries.findOneOrFail({
      where: { id: job.data.deliveryId },
      relations: { event: true, endpoint: true },
    });
    if (delivery.status === 'succeeded') return;

    const attempt = this.attempts.create({ delivery, number: delivery.attempts + 1 });
    const startedAt = Date.now();
    try {
      const response = await this.post(delivery);
      attempt.statusCode = response.status;
      attempt.responseBody = response.data.slice(0, 4_096);
      delivery.status = 'succeeded';
    } catch (error) {
      const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
      attempt.statusCode = isAxiosError(error) ? (error.response?.status ?? null) : null;
      attempt.error = (error as Error).message;
      delivery.status = isLast ? 'failed' : 'pending';
      // Bull schedules the next attempt.
      throw error;
    } finally {
      attempt.durationMs = Date.now() - startedAt;
      delivery.attempts = attempt.number;
      await this.attempts.save(attempt);
      await this.deliveries.save(delivery);
    }
  }

  private post({ event, endpoint }: Delivery) {
    const body = JSON.stringify({
      id: event.id,
      event_type: event.type,
      created_at: event.createdAt.toISOString(),
      data: event.data,
    });
    return this.http.post<string>(endpoint.url, body, {
      headers: { 'content-type': 'application/json', ...signedHeaders(endpoint.secret, event.id, body) },
    });
  }
}
