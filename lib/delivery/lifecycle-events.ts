import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DISABLED, RECORDED } from '../domain/diagnostics.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import { inOwnContext } from '../domain/own-context.js';
import { thrownText } from '../domain/shown-text.js';
import type { WebhookDisabledReason } from '../persistence/webhook-endpoint.entity.js';
import { WEBHOOKS_INSTANCE } from '../config/tokens.js';
import { findEventEmitter, type DomainEventEmitter } from '../config/event-emitter.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';

/** `webhooks.delivery.succeeded`, `.retrying` and `.failed`: an attempt was made and recorded. */
export interface WebhookDeliveryLifecycleEvent {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly endpointId: string;
  readonly tenant: string;
  readonly test: boolean;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
  /** ISO 8601, for `.retrying`. */
  readonly nextAttemptAt: string | null;
}

/** `webhooks.endpoint.disabled`: the module turned an endpoint off; sent once. */
export interface WebhookEndpointDisabledEvent {
  readonly endpointId: string;
  readonly tenant: string;
  readonly reason: WebhookDisabledReason;
  /** ISO 8601. */
  readonly disabledAt: string;
}

/** `webhooks.endpoint.failing`: every attempt has failed for the option `failingAfter`; sent once, until it recovers. */
export interface WebhookEndpointFailingEvent {
  readonly endpointId: string;
  readonly tenant: string;
  /** ISO 8601. */
  readonly failingSince: string;
  /** From when on a further failure disables it, ISO 8601; `null`: none does. */
  readonly disabledFrom: string | null;
}

/** `webhooks.endpoint.recovered`: an attempt has succeeded to an endpoint that was told to be failing, or a probe turned it on; sent once. */
export interface WebhookEndpointRecoveredEvent {
  readonly endpointId: string;
  readonly tenant: string;
  /** ISO 8601. */
  readonly recoveredAt: string;
  /** Whether it had been disabled. Nothing of what it missed is sent by itself. */
  readonly turnedOn: boolean;
}

/** What is told on the diagnostics channel `nestjs-webhooks:attempt:recorded`. */
export interface RecordedMessage extends WebhookDeliveryLifecycleEvent {
  readonly instance: string;
  readonly outcome: AttemptOutcome;
}

/** Tells the app, on its own event emitter, what became of deliveries and endpoints. */
@Injectable()
export class LifecycleEvents implements OnApplicationBootstrap {
  private readonly logger = new WebhooksLogger();
  private emitter: DomainEventEmitter | undefined;

  constructor(
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(WEBHOOKS_INSTANCE) private readonly instance: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.emitter = await findEventEmitter(this.moduleRef);
  }

  /** False in an app without an event emitter or subscribers to the diagnostics channel. */
  get isHeard(): boolean {
    return this.emitter !== undefined || RECORDED.hasSubscribers;
  }

  attempted(outcome: AttemptOutcome, event: WebhookDeliveryLifecycleEvent): void {
    if (RECORDED.hasSubscribers)
      RECORDED.publish({ instance: this.instance, outcome, ...event } satisfies RecordedMessage);
    this.emit(`webhooks.delivery.${outcome}`, event);
  }

  disabled(event: WebhookEndpointDisabledEvent): void {
    this.logger.warn(`Endpoint ${event.endpointId} was disabled: ${event.reason}.`);
    if (DISABLED.hasSubscribers) DISABLED.publish({ instance: this.instance, ...event });
    this.emit('webhooks.endpoint.disabled', event);
  }

  failing(event: WebhookEndpointFailingEvent): void {
    this.logger.warn(`Endpoint ${event.endpointId} has failed every attempt since ${event.failingSince}.`);
    this.emit('webhooks.endpoint.failing', event);
  }

  recovered(event: WebhookEndpointRecoveredEvent): void {
    this.logger.log(
      `Endpoint ${event.endpointId} has recovered${event.turnedOn ? ', and is on again' : ''}.`,
    );
    this.emit('webhooks.endpoint.recovered', event);
  }

  /** A listener of the app that throws or rejects must not change what was recorded, nor end the process. */
  private emit(name: string, event: object): void {
    const failed = (error: unknown): void =>
      this.logger.error(`A listener of ${name} threw: ${thrownText(error)}`);
    try {
      // `emit` would leave the promises of async listeners to nobody.
      inOwnContext(() => this.emitter?.emitAsync(name, event))?.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
