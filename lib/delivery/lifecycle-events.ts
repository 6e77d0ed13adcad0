import { Inject, Injectable } from '@nestjs/common';
import { DISABLED, RECORDED } from '../domain/diagnostics.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import type { WebhookDisabledReason } from '../persistence/webhook-endpoint.entity.js';
import { AppListeners } from '../config/app-listeners.js';
import { WEBHOOKS_INSTANCE } from '../config/tokens.js';
import type { WebhookAlerts } from './alert-events.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';

/** `webhooks.delivery.succeeded`, `.retrying` and `.failed`: an attempt was recorded. */
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

/** `webhooks.endpoint.disabled`: the module disabled an endpoint. Sent once. */
export interface WebhookEndpointDisabledEvent {
  readonly endpointId: string;
  readonly tenant: string;
  readonly reason: WebhookDisabledReason;
  /** ISO 8601. */
  readonly disabledAt: string;
}

/**
 * `webhooks.endpoint.failing`: every attempt has failed for the time of the option `failingAfter`. Sent once until it
 * recovers.
 */
export interface WebhookEndpointFailingEvent {
  readonly endpointId: string;
  readonly tenant: string;
  /** ISO 8601. */
  readonly failingSince: string;
  /** From then on a further failure disables the endpoint, ISO 8601; `null`: failures don't disable it. */
  readonly disabledFrom: string | null;
}

/**
 * `webhooks.endpoint.recovered`: an attempt succeeded after `webhooks.endpoint.failing`, or a probe turned the endpoint
 * on. Sent once.
 */
export interface WebhookEndpointRecoveredEvent {
  readonly endpointId: string;
  readonly tenant: string;
  /** ISO 8601. */
  readonly recoveredAt: string;
  /** Whether the endpoint had been disabled. The events that it missed are not sent automatically. */
  readonly turnedOn: boolean;
}

/** The message of the diagnostics channel `nestjs-webhooks:attempt:recorded`. */
export interface RecordedMessage extends WebhookDeliveryLifecycleEvent {
  readonly instance: string;
  readonly outcome: AttemptOutcome;
}

/** Tells the app what happens to deliveries and endpoints, on its own event emitter. */
@Injectable()
export class LifecycleEvents {
  private readonly logger = new WebhooksLogger();

  constructor(
    @Inject(AppListeners) private readonly listeners: AppListeners,
    @Inject(WEBHOOKS_INSTANCE) private readonly instance: string,
  ) {}

  /** False if nobody listens: no event emitter in the app, and no subscriber to the diagnostics channel. */
  get isHeard(): boolean {
    return this.listeners.areThere || RECORDED.hasSubscribers;
  }

  /** Whether the app has an event emitter. */
  get hasEmitter(): boolean {
    return this.listeners.areThere;
  }

  /** @param line the same for the log */
  alert<Name extends keyof WebhookAlerts>(name: Name, event: WebhookAlerts[Name], line: string): void {
    this.logger.warn(line);
    this.listeners.tell(name, event);
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
