import { MAX_TIMER_MS, parseDuration, type WebhookDuration } from '../domain/duration.js';
import { DEFAULT_RETRY_SCHEDULE, retrySchedule } from '../domain/retry-schedule.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { resolveCloudEvents, resolveRepresentations } from './representation-options.js';
import { resolveNetwork } from './network-options.js';
import { list } from './option-values.js';
import { resolveSignature } from './signature-options.js';
import { resolveTelemetry } from './telemetry-options.js';
import { resolveVersions } from './version-options.js';
import { WebhooksLogger } from './webhooks-logger.js';
import type { WebhooksConfig } from './webhooks-config.js';
import type { WebhooksOptions } from './webhooks-options.js';

const KEY_BYTES = 32;
/** An endpoint never gets more requests at once from one process than this, however fast it answers. */
const GREATEST_WIDTH = 40;
const LEASE_MARGIN_MS = 15_000;
/** Before its request can start, a delivery has to be loaded and get its turn. */
const LEAST_LEASE_MARGIN_MS = 1_000;
/** The share of `disableAfter` after which the app is told. */
const FAILING_SHARE = 1 / 5;
const LEAST_PROBE_MS = 60_000;

/** @throws InvalidWebhooksOptionError that names the option, what it received and what to write */
export function resolveOptions(options: WebhooksOptions): WebhooksConfig {
  return Object.freeze({
    retry: resolveRetry(options.retry ?? {}),
    delivery: resolveDelivery(options.delivery ?? {}),
    network: resolveNetwork(options.network ?? {}),
    signature: resolveSignature(options.signature ?? {}),
    representations: resolveRepresentations(options.representations),
    versions: resolveVersions(options.versions),
    cloudEvents: resolveCloudEvents(options.cloudEvents ?? {}),
    encryptionKeys: list('encryption.keys', options.encryption?.keys).map(decodeKey),
    ...resolveDisabling(options),
    lagAfterMs: durationOrNever('lagAfter', options.lagAfter, '5m'),
    retentionMs: durationOrNever('retention', options.retention, '30d'),
    audit: resolveAudit(options.audit),
    telemetry: resolveTelemetry(options.telemetry ?? {}),
    limits: resolveLimits(options.limits ?? {}),
  });
}

function resolveRetry({
  schedule,
  jitter = 0,
}: NonNullable<WebhooksOptions['retry']>): WebhooksConfig['retry'] {
  if (typeof jitter !== 'number' || !(jitter >= 0 && jitter <= 1)) {
    throw new InvalidWebhooksOptionError(
      'retry.jitter',
      `must be a number from 0 to 1, a share of the gap before an attempt, got ${JSON.stringify(jitter)}.`,
    );
  }
  const tell = (problem: string): void => new WebhooksLogger().error(problem);
  return { ...retrySchedule(schedule ?? DEFAULT_RETRY_SCHEDULE, tell), jitter };
}

/** The app must be told before the endpoint is disabled. */
function resolveDisabling({
  disableAfter,
  failingAfter,
  probeEvery,
}: WebhooksOptions): Pick<WebhooksConfig, 'disableAfterMs' | 'failingAfterMs' | 'probeEveryMs'> {
  const disableAfterMs = durationOrNever('disableAfter', disableAfter, '5d');
  const fallback = disableAfterMs === null ? '1d' : Math.max(1, Math.floor(disableAfterMs * FAILING_SHARE));
  const failingAfterMs = durationOrNever('failingAfter', failingAfter, fallback);
  if (failingAfterMs !== null && disableAfterMs !== null && failingAfterMs > disableAfterMs) {
    throw new InvalidWebhooksOptionError(
      'failingAfter',
      `must not be longer than disableAfter (${disableAfterMs} ms), got ${JSON.stringify(failingAfter)}.`,
    );
  }
  const probeEveryMs = probeEvery === undefined ? null : durationOrNever('probeEvery', probeEvery, 1);
  if (probeEveryMs !== null && probeEveryMs < LEAST_PROBE_MS) {
    throw new InvalidWebhooksOptionError(
      'probeEvery',
      `must be at least '1m', got ${JSON.stringify(probeEvery)}: a probe is a request to a server that has failed for long.`,
    );
  }
  return { disableAfterMs, failingAfterMs, probeEveryMs };
}

const resolveAudit = (audit: WebhooksOptions['audit'] = {}): WebhooksConfig['audit'] =>
  audit === false ? null : { retentionMs: durationOrNever('audit.retention', audit.retention, '365d') };

function resolveLimits(limits: NonNullable<WebhooksOptions['limits']>): WebhooksConfig['limits'] {
  return Object.freeze({
    bodyBytes: count('limits.bodyBytes', limits.bodyBytes, 256 * 1024),
    endpointsPerTenant: count('limits.endpointsPerTenant', limits.endpointsPerTenant, 10_000),
    testsPerMinute: count('limits.testsPerMinute', limits.testsPerMinute, 60),
    resendsPerMinute: count('limits.resendsPerMinute', limits.resendsPerMinute, 300),
  });
}

function resolveDelivery(delivery: NonNullable<WebhooksOptions['delivery']>): WebhooksConfig['delivery'] {
  const timeoutMs = timer('delivery.timeout', delivery.timeout, '15s');
  const leaseMs = timer(
    'delivery.lease',
    delivery.lease,
    Math.min(timeoutMs + LEASE_MARGIN_MS, MAX_TIMER_MS),
  );
  if (leaseMs < timeoutMs + LEAST_LEASE_MARGIN_MS) {
    throw new InvalidWebhooksOptionError(
      'delivery.lease',
      `must be at least ${LEAST_LEASE_MARGIN_MS} ms longer than delivery.timeout (${timeoutMs} ms), got ${leaseMs} ms: a request in flight would be taken for lost.`,
    );
  }
  return Object.freeze({
    timeoutMs,
    leaseMs,
    concurrency: count('delivery.concurrency', delivery.concurrency, 50),
    endpointConcurrency: count('delivery.endpointConcurrency', delivery.endpointConcurrency, GREATEST_WIDTH),
    captureBytes: count('delivery.captureBytes', delivery.captureBytes, 4096),
    pollIntervalMs: timer('delivery.pollInterval', delivery.pollInterval, '1s'),
    shutdownGraceMs: timer('delivery.shutdownGrace', delivery.shutdownGrace, '3s', 0),
  });
}

function decodeKey(key: string, index: number): Buffer {
  const bytes =
    typeof key === 'string' && /^[A-Za-z0-9+/]+=*$/.test(key) ? Buffer.from(key, 'base64') : undefined;
  if (bytes?.length === KEY_BYTES) return bytes;
  // The value is a secret, so the message states only its length.
  throw new InvalidWebhooksOptionError(
    `encryption.keys[${index}]`,
    `must be ${KEY_BYTES} bytes in base64, got ${bytes ? `${bytes.length} bytes` : 'something else'}. ` +
      "Make one with: node -p \"require('crypto').randomBytes(32).toString('base64')\"",
  );
}

function duration(option: string, value: unknown, fallback: unknown, least = 1): number {
  const ms = parseDuration(value ?? fallback);
  if (ms !== undefined && ms >= least) return ms;
  throw new InvalidWebhooksOptionError(
    option,
    `must be a duration such as '15s', '5m' or a number of ms, got ${JSON.stringify(value)}.`,
  );
}

/** A duration for a timer. */
function timer(option: string, value: unknown, fallback: unknown, least = 1): number {
  const ms = duration(option, value, fallback, least);
  if (ms <= MAX_TIMER_MS) return ms;
  throw new InvalidWebhooksOptionError(
    option,
    `must be at most '24d', got ${JSON.stringify(value)}: a timer of Node that is set for more than 24.8 days fires at once.`,
  );
}

function durationOrNever(option: string, value: unknown, fallback: WebhookDuration): number | null {
  return value === false ? null : duration(option, value, fallback);
}

function count(option: string, value: unknown, fallback: number): number {
  const number = value ?? fallback;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidWebhooksOptionError(
    option,
    `must be a whole number above zero, got ${JSON.stringify(value)}.`,
  );
}
