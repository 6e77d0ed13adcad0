import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookDuration } from '../domain/duration.js';
import { timerMs } from './test-clock.js';

export interface TestConfigOptions {
  /** Real time that one attempt may take, for tests of receivers that hang. Default: the app's `delivery.timeout`. */
  readonly timeout?: WebhookDuration;
}

/** Longer than any test: what is due is sent when the test says so. */
const POLL_INTERVAL_MS = 86_400_000;

/** The app's configuration, with what a test needs: this machine as a destination, and no polling. */
export function testConfig(config: WebhooksConfig, { timeout }: TestConfigOptions): WebhooksConfig {
  const { network, delivery } = config;
  const timeoutMs = timeout === undefined ? delivery.timeoutMs : timerMs(timeout);
  return {
    ...config,
    network: {
      ...network,
      allowHttp: true,
      // Nothing but this machine: what else production refuses is refused in tests, too.
      allowedAddresses: [...network.allowedAddresses, '127.0.0.1'],
    },
    delivery: {
      ...delivery,
      timeoutMs,
      leaseMs: Math.max(delivery.leaseMs, 2 * timeoutMs),
      pollIntervalMs: POLL_INTERVAL_MS,
    },
  };
}
