import type { RetrySchedule } from '../domain/retry-schedule.js';
import type { RepresentationsConfig } from './representation-options.js';
import type { NetworkConfig } from './network-options.js';
import type { WebhooksSignatureConfig } from './signature-options.js';
import type { WebhookVersion } from './version-options.js';
import type { WebhooksTelemetryConfig } from './telemetry-options.js';

/** The options, resolved once at startup: defaults filled in, durations in ms, keys decoded. */
export interface WebhooksConfig {
  readonly retry: RetrySchedule;
  readonly delivery: {
    readonly timeoutMs: number;
    readonly concurrency: number;
    readonly endpointConcurrency: number;
    readonly captureBytes: number;
    readonly leaseMs: number;
    readonly pollIntervalMs: number;
    readonly shutdownGraceMs: number;
  };
  readonly network: NetworkConfig;
  readonly signature: WebhooksSignatureConfig;
  readonly representations: RepresentationsConfig;
  /** The oldest first. */
  readonly versions: readonly WebhookVersion[];
  readonly cloudEvents: { readonly source: string };
  readonly encryptionKeys: readonly Buffer[];
  /** `null`: never. */
  readonly disableAfterMs: number | null;
  /** `null`: the app is not told. */
  readonly failingAfterMs: number | null;
  /** `null`: the app is not told. */
  readonly lagAfterMs: number | null;
  /** `null`: a disabled endpoint is not probed. */
  readonly probeEveryMs: number | null;
  /** `null`: kept for ever. */
  readonly retentionMs: number | null;
  /** `null`: acts are not recorded. `retentionMs` `null`: they are kept for ever. */
  readonly audit: { readonly retentionMs: number | null } | null;
  readonly telemetry: WebhooksTelemetryConfig;
  readonly limits: {
    readonly bodyBytes: number;
    readonly endpointsPerTenant: number;
    readonly testsPerMinute: number;
    readonly resendsPerMinute: number;
  };
}
