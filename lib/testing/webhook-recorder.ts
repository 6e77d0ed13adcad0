import type { EntityManager } from 'typeorm';
import type {
  EmitWebhookOptions,
  WebhookEventCatalogueOptions,
  WebhooksTransaction,
} from '../config/webhook-event-options.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { checkEmitOptions } from '../dispatch/emit-rules.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CONFIG, WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { NewEvent } from '../domain/delivery.js';
import { newEvent } from '../dispatch/new-event.js';
import { WebhookEmitter } from '../dispatch/webhook-emitter.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import type { OverridableBuilder } from './overridable.js';
import { ANY_TYPE, recordingRules, type RecordingRules } from './recording-rules.js';

/** The payloads of a catalogue that was written with `satisfies WebhookEventCatalogueOptions`, by event type. */
export type WebhookPayloads<Events extends WebhookEventCatalogueOptions> = {
  [Type in keyof Events]: Events[Type] extends { payload: new (...args: never[]) => infer Payload }
    ? Payload
    : unknown;
};

type TypesOf<Payloads> = [keyof Payloads & string] extends [never] ? string : keyof Payloads & string;

/** `Stated` if the caller states it, as in `emitted<OrderPaid>('order.paid')`. */
type DataOf<Payloads, Type, Stated> = [Stated] extends [never]
  ? Type extends keyof Payloads
    ? Payloads[Type]
    : unknown
  : Stated;

/** One event that was emitted in a test. */
export interface RecordedWebhook<Data = unknown> {
  readonly id: string;
  readonly type: string;
  /** As a receiver would get it: dates are texts, and later changes of the object don't show. */
  readonly data: Data;
  /** `''` if the emit named none. */
  readonly tenant: string;
  readonly idempotencyKey?: string;
  /** The manager that the emit was given. */
  readonly manager?: EntityManager;
  /** The transaction that the emit was given. */
  readonly transaction?: WebhooksTransaction;
}

/**
 * Keeps every event that the app emits, by `emit`, `@EmitsWebhook` or a mapping, in the order of their emits. Stores and
 * sends nothing. Checks as production does, with the same errors.
 *
 *     const webhooks = module.get(WebhookRecorder);
 *     await orders.pay('o1');
 *     expect(webhooks.emitted('order.paid')).toEqual([{ order_id: 'o1' }]);
 *
 * `Payloads` gives the data their types: `module.get<WebhookRecorder<{ 'order.paid': OrderPaid }>>(WebhookRecorder)`.
 */
export class WebhookRecorder<Payloads extends object = Record<string, unknown>> {
  private recorded: RecordedWebhook[] = [];
  private readonly keyed = new Map<string, NewEvent>();
  private readonly failures: Error[] = [];
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private rules: RecordingRules = recordingRules(ANY_TYPE, {})) {}

  /**
   * Records events instead of storing them, in the test of a whole app. Its `WebhooksModule` stays as it is, with the
   * routes and the database, and so do the app's own rules for emits.
   *
   *     const builder = Test.createTestingModule({ imports: [AppModule] });
   *     const webhooks = WebhookRecorder.for(builder);
   *     const app = (await builder.compile()).createNestApplication();
   */
  static for<Payloads extends object = Record<string, unknown>>(
    builder: OverridableBuilder,
  ): WebhookRecorder<Payloads> {
    const recorder = new WebhookRecorder<Payloads>();
    builder.overrideProvider(WebhookEmitter).useFactory({
      inject: [WEBHOOKS_CATALOGUE, WEBHOOKS_CONFIG, WEBHOOKS_STRUCTURE, WebhooksDatabase],
      factory: (
        catalogue: EventCatalogue,
        { limits: { bodyBytes } }: WebhooksConfig,
        { tenants = false }: WebhooksStructure,
        database: WebhooksDatabase,
      ) => {
        recorder.rules = { catalogue, bodyBytes, tenants, owns: (manager) => database.owns(manager) };
        return recorder;
      },
    });
    return recorder;
  }

  /** All events since the start or `clear()`, the first emitted first. */
  emitted(): RecordedWebhook[];
  /**
   * The data of all events of `type`, in the order of their emits; `[]` if there are none.
   * @throws UnknownWebhookEventTypeError for a type that is not in the catalogue, if there is one
   */
  emitted<Data = never, Type extends TypesOf<Payloads> = TypesOf<Payloads>>(
    type: Type,
  ): DataOf<Payloads, Type, Data>[];
  emitted(type?: string): unknown[] {
    if (type === undefined) return [...this.recorded];
    // With a misspelled type, every test that expects no event would pass.
    this.rules.catalogue.mustHave(type);
    return this.recorded.filter((event) => event.type === type).map(({ data }) => data);
  }

  /** Forgets every event, every idempotency key and every requested failure: for `beforeEach`. */
  clear(): void {
    this.recorded = [];
    this.keyed.clear();
    this.failures.length = 0;
  }

  /** Makes the next emit reject with `error`, and record nothing. Calls add up: two fail the next two. */
  failNext(error: Error): void {
    this.failures.push(error);
  }

  /** Resolves once every emit that has begun is recorded or has failed: for emits that the code does not await. */
  async settled(): Promise<void> {
    do {
      await Promise.allSettled(this.underWay);
      // A listener of a domain event may be about to emit.
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.underWay.size > 0);
  }

  /** There are no workers. */
  wake(): void {}

  /** What the app calls, through `WebhooksService`, a decorator or a mapping. */
  async emit(type: string, data: unknown, options: EmitWebhookOptions = {}): Promise<NewEvent> {
    const recorded = this.record(type, data, options);
    this.underWay.add(recorded);
    return recorded.finally(() => this.underWay.delete(recorded));
  }

  private async record(type: string, data: unknown, options: EmitWebhookOptions): Promise<NewEvent> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    checkEmitOptions(type, options, this.rules);
    const event = await newEvent(type, data, options, Date.now(), this.rules);
    const { idempotencyKey } = event;
    if (idempotencyKey !== null) {
      const key = JSON.stringify([event.tenant, idempotencyKey]);
      const first = this.keyed.get(key);
      if (first) return first;
      this.keyed.set(key, event);
    }
    this.recorded.push({
      id: event.id,
      type,
      data: (JSON.parse(event.body) as { data: unknown }).data,
      tenant: event.tenant,
      ...(idempotencyKey === null ? {} : { idempotencyKey }),
      ...(options.manager ? { manager: options.manager } : {}),
      ...(options.transaction ? { transaction: options.transaction } : {}),
    });
    return event;
  }
}
