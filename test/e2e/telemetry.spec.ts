import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { context, metrics, trace, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HeartbeatService } from '../../lib/operation/heartbeat.service.js';
import { METRICS, prometheusName } from '../../lib/operation/telemetry/metric-definitions.js';
import { createDatabase } from '../support/databases.js';
import { Receiver } from '../support/receiver.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';
import { startProcess } from '../support/sending-process.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(
  telemetry: WebhooksModuleOptions['telemetry'],
  options: SendingAppOptions = {},
): Promise<SendingApp> {
  const t = await sendingApp({
    ...options,
    webhooks: { ...options.webhooks, ...(telemetry ? { telemetry } : {}) },
  });
  cleanups.push(() => t.stop());
  return t;
}

async function emitted(t: SendingApp, options: object = {}): Promise<string> {
  const { id } = await t.webhooks.emit('post.published', {}, { tenant: 'acme', ...options });
  await t.settled();
  return id;
}

/** A series of the text, by its name with labels. */
const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

describe('The diagnostics channels', () => {
  it('tell of an emit, of each request and of what is recorded, with no secret, body or path', async () => {
    const t = await start(undefined);
    const told: [string, Record<string, unknown>][] = [];
    const listen = (name: string): void => {
      const listener = (message: unknown): number => told.push([name, { ...(message as object) }]);
      subscribe(name, listener);
      cleanups.push(() => unsubscribe(name, listener));
    };
    for (const name of ['emit', 'attempt'])
      for (const phase of ['start', 'asyncEnd']) listen(`tracing:nestjs-webhooks:${name}:${phase}`);
    for (const name of ['attempt:recorded', 'endpoint:disabled']) listen(`nestjs-webhooks:${name}`);
    const { id: endpointId, secret } = await t.endpoint();
    t.receiver.nextAnswers.push(410);
    const eventId = await emitted(t);

    const emit = { eventType: 'post.published', tenant: 'acme', traceparent: null, duplicate: false };
    const ids = { eventId, endpointId, deliveryId: expect.stringMatching(/^dlv_/) as string };
    const attempt = { ...ids, eventType: 'post.published', tenant: 'acme', test: false, attempt: 1 };
    const { host } = new URL(t.receiver.url);
    expect(told).toEqual([
      [
        'tracing:nestjs-webhooks:emit:start',
        { instance: expect.stringMatching(/^wrk_/) as string, ...emit, eventId: null },
      ],
      ['tracing:nestjs-webhooks:emit:asyncEnd', expect.objectContaining({ ...emit, eventId })],
      [
        'tracing:nestjs-webhooks:attempt:start',
        {
          ...attempt,
          instance: told[0]![1].instance,
          host,
          emitTraceparent: null,
          traceparent: null,
          statusCode: null,
          errorCode: null,
          durationMs: null,
        },
      ],
      ['tracing:nestjs-webhooks:attempt:asyncEnd', expect.objectContaining({ ...attempt, statusCode: 410 })],
      [
        'nestjs-webhooks:endpoint:disabled',
        expect.objectContaining({ endpointId, tenant: 'acme', reason: 'gone' }),
      ],
      [
        'nestjs-webhooks:attempt:recorded',
        expect.objectContaining({ ...attempt, outcome: 'failed', statusCode: 410 }),
      ],
    ]);
    const text = JSON.stringify(told);
    expect([text.includes(secret), text.includes('/hook'), text.includes('"data"')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('tell why an emit failed, and which one an idempotency key had stored before', async () => {
    const t = await start(undefined);
    const told: { eventId: string | null; duplicate: boolean; error?: Error }[] = [];
    const channel = tracingChannel<(typeof told)[number]>('nestjs-webhooks:emit');
    const listeners = { asyncEnd: (message: (typeof told)[number]) => void told.push(message) };
    channel.subscribe(listeners as never);
    cleanups.push(() => channel.unsubscribe(listeners as never));
    const first = await emitted(t, { idempotencyKey: 'one' });
    await emitted(t, { idempotencyKey: 'one' });
    await expect(t.webhooks.emit('no.type', {}, { tenant: 'acme' })).rejects.toThrow('no.type');
    expect(told).toEqual([
      expect.objectContaining({ eventId: first, duplicate: false }),
      expect.objectContaining({ eventId: first, duplicate: true }),
      expect.objectContaining({
        eventId: null,
        error: expect.objectContaining({ code: 'webhooks/unknown-event-type' }) as Error,
      }),
    ]);
  });

  it('store the trace context that a subscriber sets, and none that is no such thing', async () => {
    const t = await start(undefined);
    await t.endpoint();
    const given = ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x'.repeat(100)];
    const seen: unknown[] = [];
    const emit = (message: unknown): void =>
      void Object.assign(message as object, { traceparent: given.shift() });
    const attempt = (message: unknown): void =>
      void seen.push((message as { emitTraceparent: unknown }).emitTraceparent);
    const names = {
      emit: 'tracing:nestjs-webhooks:emit:start',
      attempt: 'tracing:nestjs-webhooks:attempt:start',
    };
    subscribe(names.emit, emit);
    subscribe(names.attempt, attempt);
    cleanups.push(() => unsubscribe(names.emit, emit) && unsubscribe(names.attempt, attempt));
    await emitted(t);
    await emitted(t);
    expect(seen).toEqual(['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', null]);
  });
});

describe('Metrics for Prometheus', () => {
  it('count emits and attempts by outcome and error, and show what waits', async () => {
    const t = await start({ metrics: 'prometheus' });
    await t.app.get(HeartbeatService).beat();
    const before = await t.webhooks.metrics();
    expect(valueOf(before, 'nestjs_webhooks_events_emitted_total{result="stored"}')).toBe(0);
    expect(valueOf(before, 'nestjs_webhooks_workers')).toBe(1);
    expect(valueOf(before, 'nestjs_webhooks_deliveries_due')).toBe(0);

    await t.endpoint();
    await emitted(t, { idempotencyKey: 'one' });
    await emitted(t, { idempotencyKey: 'one' });
    await expect(t.webhooks.emit('no.type', {}, { tenant: 'acme' })).rejects.toThrow('no.type');
    t.receiver.nextAnswers.push(500);
    await emitted(t);
    await t.after(300_000);
    const text = await t.webhooks.metrics();
    const series = {
      'events_emitted_total{result="stored"}': 2,
      'events_emitted_total{result="duplicate"}': 1,
      'events_emitted_total{result="failed"}': 1,
      'attempts_total{outcome="succeeded",error="none"}': 2,
      'attempts_total{outcome="retrying",error="http_5xx"}': 1,
      'attempt_duration_seconds_count{outcome="succeeded"}': 2,
      'attempt_duration_seconds_bucket{outcome="succeeded",le="+Inf"}': 2,
      first_attempt_delay_seconds_count: 2,
      attempts_in_flight: 0,
      deliveries_held: 0,
      endpoints_away: 0,
    };
    const found = Object.keys(series).map((name) => [name, valueOf(text, `nestjs_webhooks_${name}`)]);
    expect(Object.fromEntries(found)).toEqual(series);
    expect(text).not.toMatch(/acme|127\.0\.0\.1|post\.published|ep_/);
  });

  it('show endpoints at which nobody answers', async () => {
    const gone = await Receiver.start();
    await gone.stop();
    const t = await start({ metrics: 'prometheus' });
    await t.endpoint({ url: `${gone.url}/hook` });
    await emitted(t);
    const text = await t.webhooks.metrics();
    expect(valueOf(text, 'nestjs_webhooks_attempts_total{outcome="retrying",error="connection"}')).toBe(1);
    expect(valueOf(text, 'nestjs_webhooks_endpoints_away')).toBe(1);
  });

  it('show what is due for how long, and endpoints that were disabled, on every database', async () => {
    for (const database of ['sqlite', 'postgres', 'mariadb', 'mysql'] as const) {
      const t = await start({ metrics: 'prometheus' }, { database, webhooks: { worker: false } });
      const { id } = await t.endpoint();
      await t.dataSource.query(`UPDATE webhook_endpoints SET disabled_reason = 'gone' WHERE id = '${id}'`);
      await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
      await t.dataSource.query(`UPDATE webhook_endpoints SET active = false WHERE id = '${id}'`);
      t.clock.advance('90s');
      const text = await t.webhooks.metrics();
      const gauges = [
        'deliveries_due',
        'deliveries_oldest_due_seconds',
        'endpoints_disabled',
        'workers',
        'deliveries_held',
      ];
      expect(gauges.map((name) => valueOf(text, `nestjs_webhooks_${name}`))).toEqual([
        1,
        90,
        1,
        0,
        undefined,
      ]);
    }
  });

  it('have the labels that the app asks for, escaped, and leave the tests of customers out', async () => {
    const t = await start({ metrics: 'prometheus', labels: ['tenant', 'endpoint', 'eventType'] });
    const tenant = 'a"c\\m\ne';
    const { id } = await t.endpoint({ tenant });
    await emitted(t, { tenant });
    await t.webhooks.deliveries.test(tenant, id, 'post.published');
    const labels = `event_type="post.published",tenant="a\\"c\\\\m\\ne",endpoint="${id}"`;
    const text = await t.webhooks.metrics();
    expect(valueOf(text, `nestjs_webhooks_attempts_total{outcome="succeeded",error="none",${labels}}`)).toBe(
      1,
    );
  });

  it('are closed where the app did not ask for them', async () => {
    const t = await start(undefined);
    await expect(t.webhooks.metrics()).rejects.toMatchObject({ code: 'webhooks/metrics-off' });
  });
});

describe('Through OpenTelemetry', () => {
  const spans = new InMemorySpanExporter();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  beforeAll(() => {
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
    trace.setGlobalTracerProvider(provider);
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    return async () => {
      for (const api of [trace, metrics, context]) api.disable();
      await reader.shutdown();
    };
  });
  afterEach(() => spans.reset());

  /** Runs `work` in a span of the app's own. */
  const inRequest = <Result>(work: (span: Span) => Promise<Result>): Promise<Result> =>
    trace.getTracer('app').startActiveSpan('POST /posts', (span) => work(span).finally(() => span.end()));

  it('an emit is a span of the request, and each attempt a trace of its own that is linked to it', async () => {
    const t = await start({ traces: true });
    const { id: endpointId } = await t.endpoint();
    t.receiver.nextAnswers.push(500);
    const request = await inRequest(async (span) => {
      await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
      return span.spanContext();
    });
    await t.settled();
    await t.after(300_000);
    const ended = spans.getFinishedSpans();
    const emit = ended.find(({ name }) => name === 'send post.published')!;
    expect(emit.spanContext().traceId).toBe(request.traceId);
    expect(emit.parentSpanContext?.spanId).toBe(request.spanId);
    const attempts = ended.filter(({ name }) => name === 'attempt post.published');
    expect(
      attempts.map(({ attributes, status }) => [attributes['http.response.status_code'], status.code]),
    ).toEqual([
      [500, 2],
      [200, 0],
    ]);
    for (const [index, attempt] of attempts.entries()) {
      expect(attempt.parentSpanContext).toBeUndefined();
      expect(attempt.links.map((link) => link.context)).toMatchObject([
        { traceId: request.traceId, spanId: emit.spanContext().spanId },
      ]);
      expect(attempt.attributes).toMatchObject({
        'messaging.message.id': emit.attributes['messaging.message.id'],
        'nestjs_webhooks.endpoint.id': endpointId,
        'nestjs_webhooks.attempt': index + 1,
        'server.address': new URL(t.receiver.url).host,
      });
    }
    expect(JSON.stringify(ended.map(({ name, attributes }) => [name, attributes]))).not.toMatch(
      /acme|hook"|whsec/,
    );
  });

  it('gives receivers the trace context of the attempt only where the app says so', async () => {
    for (const propagate of [false, true]) {
      const t = await start({ traces: true, propagate });
      await t.endpoint();
      await emitted(t);
      const attempt = spans.getFinishedSpans().findLast(({ name }) => name.startsWith('attempt '))!;
      const { traceId, spanId } = attempt.spanContext();
      const expected = propagate ? `00-${traceId}-${spanId}-01` : undefined;
      expect(t.receiver.arrivals[0]!.headers.traceparent).toBe(expected);
    }
  });

  it('follows a trace from an emit to attempts in another process', async () => {
    const on = await createDatabase('postgres');
    cleanups.push(() => on.drop());
    const t = await start({ traces: true }, { on, migrate: true, clock: false, webhooks: { worker: false } });
    const worker = await startProcess(on.options, {
      events: { 'post.published': {} },
      telemetry: { traces: true },
      delivery: { pollInterval: '50ms' },
      retry: { schedule: ['100ms'] },
    });
    cleanups.push(() => worker.kill());
    await t.endpoint();
    t.receiver.nextAnswers.push(500);
    const { traceId } = await inRequest(async (span) => {
      await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
      return span.spanContext();
    });
    await t.receiver.received(2);
    await vi.waitFor(() => expect(worker.spans).toHaveLength(2), 5_000);
    const emit = spans.getFinishedSpans().find(({ name }) => name === 'send post.published')!;
    expect(worker.spans.map(({ links }) => links)).toEqual(
      [1, 2].map(() => [expect.objectContaining({ traceId, spanId: emit.spanContext().spanId })]),
    );
    expect(worker.spans.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([500, 200]);
    expect(worker.errors()).toBe('');
  });

  it('metrics are instruments, whose names in Prometheus are those of the text', async () => {
    const t = await start({ metrics: 'opentelemetry' });
    await t.app.get(HeartbeatService).beat();
    await t.endpoint();
    await emitted(t);
    await reader.forceFlush();
    const all = exporter
      .getMetrics()
      .at(-1)!
      .scopeMetrics.flatMap((scope) => scope.metrics);
    const names = all.map(({ descriptor: { name, unit } }) => `${name} ${unit}`);
    expect(names.toSorted()).toEqual(
      Object.values(METRICS)
        .map(({ name, unit }) => `${name} ${unit}`)
        .toSorted(),
    );
    const attempts = all.find(({ descriptor }) => descriptor.name === 'nestjs_webhooks.attempts')!;
    expect(attempts.dataPoints).toMatchObject([
      { attributes: { outcome: 'succeeded', error: 'none' }, value: 1 },
    ]);
    const workers = all.find(({ descriptor }) => descriptor.name === 'nestjs_webhooks.workers')!;
    expect(workers.dataPoints).toMatchObject([{ value: 1 }]);
    expect(prometheusName(METRICS.duration)).toBe('nestjs_webhooks_attempt_duration_seconds');
  });
});
