import type { PipeTransform } from '@nestjs/common';
import { WebhookNotFoundError } from './webhooks-api.errors.js';

const ID = /^(ep|evt|dlv)_[0-9a-f]{32}$/;

/** An id of any other shape can't exist, and some of those shapes a database would choke on. */
export class WebhookIdPipe implements PipeTransform<string, string> {
  constructor(private readonly what: 'endpoint' | 'delivery' | 'event') {}

  /** @throws WebhookNotFoundError */
  transform(id: string): string {
    if (ID.test(id)) return id;
    throw new WebhookNotFoundError(this.what, id);
  }
}
