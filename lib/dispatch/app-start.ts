import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import { WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';

/**
 * Tells of an app whose init hooks never run: it stores what it emits, and nothing says why nothing is sent. A hybrid app that
 * only starts its microservices is one, and so is a testing module that is only compiled.
 */
@Injectable()
export class AppStart implements OnModuleInit {
  private readonly logger = new WebhooksLogger();
  private isToldOf: boolean;

  constructor(@Inject(WEBHOOKS_STRUCTURE) { worker }: WebhooksStructure) {
    // Where this process is not to deliver, another one does.
    this.isToldOf = !worker;
  }

  /** The first hook of a global module: what others emit in theirs comes after it. */
  onModuleInit(): void {
    this.isToldOf = true;
  }

  /** Warns once. */
  emitted(type: string): void {
    if (this.isToldOf) return;
    this.isToldOf = true;
    this.logger.warn(
      `'${type}' was emitted before the app's init hooks ran: it is stored, and this process sends nothing and hears no ` +
        'domain events until they do. Call await app.init() after NestFactory.create(), as app.listen() does for you; ' +
        'app.startAllMicroservices() does not. In a test, call await module.init().',
    );
  }
}
