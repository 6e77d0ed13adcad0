import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PACKAGE_VERSION } from '../../config/package-version.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_INSTANCE } from '../../config/tokens.js';
import type { WebhooksConfig } from '../../config/webhooks-config.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import type { RecordedMessage } from '../../delivery/lifecycle-events.js';
import type { WebhookClock } from '../../domain/clock.js';
import { ATTEMPT, EMIT, RECORDED, type AttemptMessage, type EmitMessage } from '../../domain/diagnostics.js';
import { thrownText } from '../../domain/shown-text.js';
import { InvalidWebhooksOptionError, WebhooksError } from '../../domain/webhooks.error.js';
import { Counting } from './counting.js';
import { GaugesService } from './gauges.service.js';
import { OpenTelemetryMetrics } from './opentelemetry-metrics.js';
import { PrometheusRegistry } from './prometheus-registry.js';
import { Tracing } from './tracing.js';

const SCOPE = 'nestjs-webhooks';

/** Metrics were requested as text, but the app has not enabled that. */
export class WebhooksMetricsOffError extends WebhooksError {
  readonly code = 'webhooks/metrics-off';

  constructor() {
    super(
      "This app keeps no metrics as text: set telemetry: { metrics: 'prometheus' } in the options of WebhooksModule.",
    );
  }
}

/**
 * Subscribes the parts that the option `telemetry` enables to the diagnostics channels, from the start of the module
 * until it has stopped.
 */
@Injectable()
export class TelemetryService implements OnModuleInit {
  private readonly logger = new WebhooksLogger();
  private registry: PrometheusRegistry | undefined;
  private readonly ends: (() => unknown)[] = [];

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_INSTANCE) private readonly instance: string,
    @Inject(GaugesService) private readonly gauges: GaugesService,
  ) {}

  /** @throws InvalidWebhooksOptionError if `@opentelemetry/api` is missing */
  async onModuleInit(): Promise<void> {
    const { traces, metrics, labels } = this.config.telemetry;
    if (traces) await this.trace();
    if (metrics === undefined) return;
    const sink = metrics === 'prometheus' ? (this.registry = new PrometheusRegistry()) : await this.meter();
    const counting = new Counting(sink, labels, () => this.clock.now());
    this.subscribe<EmitMessage>(EMIT, { asyncEnd: (message) => counting.emitted(message) });
    const recorded = this.own<RecordedMessage>((message) => counting.recorded(message));
    RECORDED.subscribe(recorded);
    this.ends.push(() => RECORDED.unsubscribe(recorded));
  }

  /** Runs once nothing is sent any more. */
  stop(): void {
    for (const end of this.ends.splice(0)) end();
  }

  /** The text for Prometheus to scrape. @throws WebhooksMetricsOffError */
  async text(): Promise<string> {
    if (!this.registry) throw new WebhooksMetricsOffError();
    return this.registry.text(await this.gauges.read());
  }

  private async trace(): Promise<void> {
    const api = await openTelemetry('telemetry.traces');
    const tracing = new Tracing(api, api.trace.getTracer(SCOPE, PACKAGE_VERSION));
    this.subscribe<EmitMessage>(EMIT, {
      start: (message) => tracing.emitStarted(message),
      asyncEnd: (message) => tracing.emitEnded(message),
    });
    this.subscribe<AttemptMessage>(ATTEMPT, {
      start: (message) => tracing.attemptStarted(message),
      asyncEnd: (message) => tracing.attemptEnded(message),
    });
  }

  private async meter(): Promise<OpenTelemetryMetrics> {
    const api = await openTelemetry('telemetry.metrics');
    const meter = api.metrics.getMeter(SCOPE, PACKAGE_VERSION);
    const metrics = new OpenTelemetryMetrics(meter, () => this.gauges.read());
    this.ends.push(() => metrics.stop());
    return metrics;
  }

  private subscribe<Message extends { readonly instance: string }>(
    channel: { [Name in 'start' | 'asyncEnd']: typeof RECORDED },
    listeners: { start?: (message: Message) => void; asyncEnd: (message: Message) => void },
  ): void {
    for (const [name, listener] of Object.entries(listeners) as [
      keyof typeof channel,
      (message: Message) => void,
    ][]) {
      const own = this.own(listener);
      channel[name].subscribe(own);
      this.ends.push(() => channel[name].unsubscribe(own));
    }
  }

  /**
   * Ignores messages of other modules in the process. Catches errors, since an error in a subscriber would end the
   * process.
   */
  private own<Message extends { readonly instance: string }>(
    listener: (message: Message) => void,
  ): (message: unknown) => void {
    return (message) => {
      const told = message as Message;
      if (told.instance !== this.instance) return;
      try {
        listener(told);
      } catch (error) {
        this.logger.error(`Telemetry failed: ${thrownText(error)}`);
      }
    };
  }
}

async function openTelemetry(option: string): Promise<typeof import('@opentelemetry/api')> {
  try {
    return await import('@opentelemetry/api');
  } catch {
    throw new InvalidWebhooksOptionError(
      option,
      'needs the package @opentelemetry/api. npm install @opentelemetry/api',
    );
  }
}
