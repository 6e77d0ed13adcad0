import { Inject, Injectable } from '@nestjs/common';
import { DISABLED, RECORDED } from '../domain/diagnostics.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import type { WebhookDisabledReason } from '../persistence/webhook-endpoint.entity.js';
import { AppListeners } from '../config/app-listeners.js';
import { WEBHOOKS_INSTANCE } from '../config/tokens.js';
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
export class LifecycleEvents {
  private readonly logger = new WebhooksLogger();

  constructor(
    @Inject(AppListeners) private readonly listeners: AppListeners,
    @Inject(WEBHOOKS_INSTANCE) private readonly instance: string,
  ) {}

  /** False in an app without an event emitter or subscribers to the diagnostics channel. */
  get isHeard(): boolean {
    return this.listeners.areThere || RECORDED.hasSubscribers;
  }

  attempted(outcome: AttemptOutcome, event: WebhookDeliveryLifecycleEvent): void {
    if (RECORDED.hasSubscribers)
      RECORDED.publish({ instance: this.instance, outcome, ...event } satisfies RecordedMessage);
    this.listeners.tell(`webhooks.delivery.${outcome}`, event);
  }

  disabled(event: WebhookEndpointDisabledEvent): void {
    this.logger.warn(`Endpoint ${event.endpointId} was disabled: ${event.reason}.`);
    if (DISABLED.hasSubscribers) DISABLED.publish({ instance: this.instance, ...event });
    this.listeners.tell('webhooks.endpoint.disabled', event);
  }

  failing(event: WebhookEndpointFailingEvent): void {
    this.logger.warn(`Endpoint ${event.endpointId} has failed every attempt since ${event.failingSince}.`);
    this.listeners.tell('webhooks.endpoint.failing', event);
  }

  recovered(event: WebhookEndpointRecoveredEvent): void {
    this.logger.log(
      `Endpoint ${event.endpointId} has recovered${event.turnedOn ? ', and is on again' : ''}.`,
    );
    this.listeners.tell('webhooks.endpoint.recovered', event);
  }
}
