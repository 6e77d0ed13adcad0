import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { inOwnContext } from '../domain/own-context.js';
import { thrownText } from '../domain/shown-text.js';
import { findEventEmitter, type DomainEventEmitter } from './event-emitter.js';
import { WebhooksLogger } from './webhooks-logger.js';

/** Calls the app's listeners to this module's events, on the app's own event emitter. */
@Injectable()
export class AppListeners implements OnApplicationBootstrap {
  private readonly logger = new WebhooksLogger();
  private emitter: DomainEventEmitter | undefined;

  constructor(@Inject(ModuleRef) private readonly moduleRef: ModuleRef) {}

  async onApplicationBootstrap(): Promise<void> {
    this.emitter = await findEventEmitter(this.moduleRef);
  }

  /** False in an app without an event emitter. */
  get areThere(): boolean {
    return this.emitter !== undefined;
  }

  /** A listener that throws or rejects must not change what was recorded, nor end the process. */
  tell(name: string, event: object): void {
    const failed = (error: unknown): void =>
      this.logger.error(`A listener of ${name} threw: ${thrownText(error)}`);
    try {
      // With `emit`, nobody would handle the promises of async listeners.
      inOwnContext(() => this.emitter?.emitAsync(name, event))?.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
