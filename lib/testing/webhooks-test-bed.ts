import { ModuleRef } from '@nestjs/core';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_RESOLVED_OPTIONS } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookDuration } from '../domain/duration.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import type { WebhookEndpointView } from '../management/views/endpoint.views.js';
import { WebhooksService } from '../webhooks.service.js';
import { nextDueAt } from './next-due.js';
import type { OverridableBuilder } from './overridable.js';
import { WebhookTestClock, durationMs } from './test-clock.js';
import { testConfig, type TestConfigOptions } from './test-config.js';
import { WebhooksTestSetupError } from './testing.errors.js';
import { receivedSchemes } from './received-schemes.js';
import { WebhookTestReceiver } from './webhook-test-receiver.js';

export interface WebhooksTestBedOptions extends TestConfigOptions {
  /** Default: one that stands at the time of the start. */
  readonly clock?: WebhookTestClock;
}

type NewEndpoint = Parameters<WebhooksService['endpoints']['create']>[1];

/** What a test registers: the receiver's URL and all event types, unless it says otherwise. */
export type WebhookTestEndpoint = Partial<NewEndpoint> & {
  /** Default: `''`, as in an app with no tenants. */
  readonly tenant?: string;
};

/**
 * An end-to-end test of a whole app with its database: the webhooks' clock stands still until the test moves it, and
 * they may be sent to this machine. The app's own options stay as they are.
 *
 *     const builder = Test.createTestingModule({ imports: [AppModule] });
 *     const bed = WebhooksTestBed.for(builder);
 *     const app = (await builder.compile()).createNestApplication();
 *     await app.init();
 *
 *     const receiver = await bed.startReceiver();
 *     await bed.register(receiver, { events: ['order.*'] });
 *     receiver.respondNext(500);
 *     await app.get(OrdersService).pay('o1');
 *     await bed.deliverDue();    // the first attempt, which fails
 *     await bed.advance('5m');   // the second
 */
export class WebhooksTestBed {
  private moduleRef: ModuleRef | undefined;

  private constructor(readonly clock: WebhookTestClock) {}

  /** Prepares the app that `builder` compiles. Call it before `compile()`. */
  static for(builder: OverridableBuilder, options: WebhooksTestBedOptions = {}): WebhooksTestBed {
    const { clock = new WebhookTestClock(Date.now()) } = options;
    const bed = new WebhooksTestBed(clock);
    builder.overrideProvider(WEBHOOKS_CLOCK).useValue(clock);
    builder.overrideProvider(WEBHOOKS_CONFIG).useFactory({
      inject: [WEBHOOKS_RESOLVED_OPTIONS, ModuleRef],
      factory: (config: WebhooksConfig, moduleRef: ModuleRef) => {
        bed.moduleRef = moduleRef;
        return testConfig(config, options);
      },
    });
    return bed;
  }

  /**
   * Sends what is due by the clock, and resolves when it is sent and recorded.
   * @throws WebhooksTestSetupError if that takes more than 30 s of real time
   */
  async deliverDue(): Promise<void> {
    const { left } = await this.app(WebhooksService).deliverDue();
    if (left === 0) return;
    throw new WebhooksTestSetupError(
      `${left} deliveries were still due after 30 s. Where the receiver hangs, give the bed a short timeout: ` +
        "WebhooksTestBed.for(builder, { timeout: '200ms' }).",
    );
  }

  /**
   * Moves the clock on, and stops whenever a delivery is due: `advance('2h')` makes all attempts of two hours, each at
   * its own time.
   */
  async advance(by: WebhookDuration): Promise<void> {
    const until = this.clock.now() + durationMs(by);
    await this.deliverDue();
    while (this.clock.now() < until) {
      const due = await nextDueAt(this.app(WebhooksDatabase), this.clock.now());
      this.clock.advance(Math.min(due ?? until, until) - this.clock.now());
      await this.deliverDue();
    }
  }

  /** Starts a receiver that verifies as this app signs, by its clock. Stop it when the test is over. */
  startReceiver(): Promise<WebhookTestReceiver> {
    const { signature } = this.app<WebhooksConfig>(WEBHOOKS_CONFIG);
    return WebhookTestReceiver.start({
      schemes: receivedSchemes(signature.schemes),
      publicKeys: signature.publicKeys,
      clock: this.clock,
    });
  }

  /** Registers a receiver as a webhook of the app, and makes it trust the secret. */
  async register(
    receiver: WebhookTestReceiver,
    input: WebhookTestEndpoint = {},
  ): Promise<WebhookEndpointView> {
    const { tenant = '', ...stated } = input;
    const { secret, ...endpoint } = await this.app(WebhooksService).endpoints.create(tenant, {
      name: 'Test receiver',
      url: `${receiver.url}/webhooks`,
      events: ['*'],
      ...stated,
    });
    receiver.trust(secret);
    return endpoint;
  }

  private app<Provider>(token: symbol | (new (...args: never[]) => Provider)): Provider {
    if (this.moduleRef) return this.moduleRef.get<Provider>(token as symbol, { strict: false });
    throw new WebhooksTestSetupError(
      'There is no app with WebhooksModule yet. Write WebhooksTestBed.for(builder) before builder.compile(), import ' +
        'WebhooksModule in the app, and use the bed after app.init().',
    );
  }
}
