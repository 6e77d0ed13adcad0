import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import { WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';

/**
 * Warns if the app's init hooks never ran: then nothing is sent, and without this warning nothing would say why. That
 * happens in a hybrid app that only starts its microservices, and in a testing module that is only compiled.
 */
@Injectable()
export class AppStart implements OnModuleInit {
  private readonly logger = new WebhooksLogger();
  private isToldOf: boolean;

  constructor(@Inject(WEBHOOKS_STRUCTURE) { worker }: WebhooksStructure) {
    // A process that is not to deliver needs no warning: another one delivers.
    this.isToldOf = !worker;
  }

  /** A global module's hook runs first, so emits in other modules' hooks come after it. */
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
