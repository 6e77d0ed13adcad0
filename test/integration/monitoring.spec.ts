import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as common from '@nestjs/common';
import type { Type } from '@nestjs/common';
import * as terminus from '@nestjs/terminus';
import { trace } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-trace-base';
import * as api from '@opentelemetry/api';
import * as webhooksPackage from 'nestjs-webhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { METRICS, prometheusName } from '../../lib/operation/telemetry/metric-definitions.js';
import { documentedModule } from '../support/documented-module.js';
import { PROMETHEUS, PROMTOOL, promtool, startPrometheus } from '../support/prometheus.js';
import { HeaderGuard, sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const textOf = (path: string): string => readFileSync(fileOf(path), 'utf8');

const RULES = 'docs/monitoring/prometheus-alerts.yml';
const DASHBOARD = 'docs/monitoring/grafana-dashboard.json';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly type: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}
const dashboard = JSON.parse(textOf(DASHBOARD)) as Dashboard;
const queries = dashboard.panels.flatMap(({ title, type, targets }) =>
  targets.map(({ expr }) => ({
    title,
    type,
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*'),
  })),
);

const given = {
  '@nestjs/common': common,
  '@nestjs/terminus': terminus,
  '@opentelemetry/api': api,
  '@opentelemetry/sdk-trace-base': sdk,
  'nestjs-webhooks': webhooksPackage,
};
const example = <Exports>(place: number): Exports =>
  documentedModule<Exports>('how-to/monitoring.md', place, given, { AuthGuard: HeaderGuard });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function listening(options: SendingAppOptions): Promise<{ t: SendingApp; url: string }> {
  const t = await sendingApp(options);
  cleanups.push(() => t.stop());
  await t.app.listen(0, '127.0.0.1');
  return { t, url: await t.app.getUrl() };
}

async function send(t: SendingApp): Promise<void> {
  await t.endpoint();
  await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
  await t.settled();
}

describe('The metrics', () => {
  const exposed = Object.values(METRICS).flatMap((definition) => {
    const name = prometheusName(definition);
    return definition.kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  });
  const namesIn = (text: string): string[] => [...new Set(text.match(/nestjs_webhooks_\w+/g))];

  it.each([DASHBOARD, RULES, 'test/support/monitoring/alerts.test.yml'])(
    'that %s names are there',
    (file) => {
      const names = namesIn(textOf(file));
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !exposed.includes(name))).toEqual([]);
    },
  );

  it('are all on the dashboard and in the documentation', () => {
    const shown = namesIn(textOf(DASHBOARD)).map((name) => name.replace(/_bucket$/, ''));
    const told = textOf('docs/reference/telemetry.md').match(/^\| `nestjs_webhooks_\w+` +\| \w+/gm)!;
    const all = Object.values(METRICS).map((one) => [prometheusName(one), one.kind] as const);
    expect(all.map(([name]) => name).filter((name) => !shown.includes(name))).toEqual([]);
    expect(told.map((row) => row.replaceAll(/[|` ]+/g, ' ').trim())).toEqual(
      all.map(([name, kind]) => `${name} ${kind}`),
    );
  });
});

describe('The examples of docs/how-to/monitoring.md', () => {
  it('answer 503 with the reasons where webhooks are not sent', async () => {
    const { HealthController } = example<{ HealthController: Type }>(1);
    const { readiness } = example<{
      readiness: (webhooks: SendingApp['webhooks']) => Promise<{ status: string }>;
    }>(2);
    const { t, url } = await listening({ controllers: [HealthController], webhooks: { worker: false } });
    const answer = await fetch(`${url}/health/webhooks`);
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { status: 'down', workers: { heardOf: 0 } },
    ]);
    expect(await readiness(t.webhooks)).toMatchObject({ status: 'up' });
  });

  it('are an indicator of Terminus', async () => {
    const { TerminusController } = example<{ TerminusController: Type }>(3);
    const { url } = await listening({
      controllers: [TerminusController],
      imports: [terminus.TerminusModule.forRoot({ logger: false })],
      webhooks: { worker: false },
    });
    const answer = await fetch(`${url}/health`);
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { error: { webhooks: { status: 'down' } } },
    ]);
  });

  it('serve metrics behind a guard', async () => {
    const { MetricsController } = example<{ MetricsController: Type }>(4);
    const { t, url } = await listening({
      controllers: [MetricsController],
      webhooks: { telemetry: { metrics: 'prometheus' } },
    });
    await send(t);
    expect((await fetch(`${url}/metrics`)).status).toBe(403);
    const answer = await fetch(`${url}/metrics`, { headers: { 'x-account': 'acme' } });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain(
      'nestjs_webhooks_attempts_total{outcome="succeeded",error="none"} 1\n',
    );
  });

  it('trace', async () => {
    const { startTracing } = example<{ startTracing: (exporter: sdk.SpanExporter) => void }>(5);
    const exporter = new sdk.InMemorySpanExporter();
    startTracing(exporter);
    cleanups.push(() => trace.disable());
    const { t } = await listening({ webhooks: { telemetry: { traces: true } } });
    await send(t);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
      'send post.published',
      'attempt post.published',
    ]);
  });

  it('subscribe to a channel', async () => {
    const { logSlowAttempts } = example<{ logSlowAttempts: (log: (line: string) => void) => void }>(6);
    const lines: string[] = [];
    logSlowAttempts((line) => void lines.push(line));
    const { channel } = await import('node:diagnostics_channel');
    const recorded = { eventType: 'post.published', outcome: 'succeeded' };
    channel('nestjs-webhooks:attempt:recorded').publish({ ...recorded, durationMs: 7_000 });
    channel('nestjs-webhooks:attempt:recorded').publish({ ...recorded, durationMs: 10 });
    expect(lines).toEqual(['post.published succeeded after 7000 ms']);
  });
});

describe.skipIf(PROMTOOL === undefined)(
  'promtool (install Prometheus, or name its folder with TEST_PROMETHEUS)',
  () => {
    it('takes the alerts, which fire when they should and not else', () => {
      expect(promtool(['check', 'rules', fileOf(RULES)])).toContain('7 rules found');
      expect(promtool(['test', 'rules', fileOf('test/support/monitoring/alerts.test.yml')])).toContain(
        'SUCCESS',
      );
    });

    it('finds nothing to say about the text', async () => {
      const { t } = await listening({ webhooks: { telemetry: { metrics: 'prometheus' } } });
      await send(t);
      expect(promtool(['check', 'metrics'], await t.webhooks.metrics())).toBe('');
    });
  },
);

describe.skipIf(PROMETHEUS === undefined)(
  'Prometheus (install it, or name its folder with TEST_PROMETHEUS)',
  () => {
    let app: SendingApp;
    let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
    beforeAll(async () => {
      const { Controller, Get, Inject } = common;
      @Controller('metrics')
      class Metrics {
        constructor(
          @Inject(webhooksPackage.WebhooksService) private readonly webhooks: webhooksPackage.WebhooksService,
        ) {}

        @Get()
        metrics(): Promise<string> {
          return this.webhooks.metrics();
        }
      }
      app = await sendingApp({ controllers: [Metrics], webhooks: { telemetry: { metrics: 'prometheus' } } });
      await app.app.listen(0, '127.0.0.1');
      await send(app);
      prometheus = await startPrometheus(new URL(await app.app.getUrl()).host, '/metrics', fileOf(RULES));
    });
    afterAll(async () => {
      await prometheus?.stop();
      await app?.stop();
    });

    it('answers every query of the dashboard, and has the alerts', async () => {
      for (const { type, expr, title } of queries) {
        const answer = await prometheus.query(expr);
        if (type === 'stat' && title !== 'Succeeded') expect([title, answer.length]).toEqual([title, 1]);
      }
      expect(await prometheus.query('nestjs_webhooks_attempts_total')).toMatchObject([
        { metric: { job: 'app', outcome: 'succeeded', error: 'none' }, value: [expect.any(Number), '1'] },
      ]);
      expect(await prometheus.alerts()).toContain('WebhooksWithoutWorker');
    });
  },
);
