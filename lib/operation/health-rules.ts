import { namesProblem } from '../config/option-names.js';
import { parseDuration, type WebhookDuration } from '../domain/duration.js';
import { WebhooksError } from '../domain/webhooks.error.js';

export const HEALTH_PARTS = ['database', 'schema', 'queue', 'due', 'workers'] as const;
export type WebhooksHealthPartName = (typeof HEALTH_PARTS)[number];

export interface WebhooksHealthOptions {
  /** How long a delivery to a working endpoint may be due before the check fails. Default: `5m`. */
  maxDue?: WebhookDuration;
  /**
   * Parts that are reported but don't fail the check. For liveness checks, list what depends on other processes.
   * Default: none.
   */
  ignore?: readonly WebhooksHealthPartName[];
}

export interface WebhooksHealthRules {
  readonly maxDueMs: number;
  readonly ignore: ReadonlySet<WebhooksHealthPartName>;
}

/** An option of a health check is invalid. */
export class InvalidHealthOptionError extends WebhooksError {
  readonly code = 'webhooks/invalid-health-option';

  constructor(problem: string) {
    super(`health: ${problem}`);
  }
}

/** @throws InvalidHealthOptionError */
export function healthRules(options: WebhooksHealthOptions = {}): WebhooksHealthRules {
  const unknown = namesProblem(options, ['maxDue', 'ignore']);
  if (unknown) throw new InvalidHealthOptionError(`${unknown.name} ${unknown.problem}`);
  const { maxDue = '5m', ignore = [] } = options;
  const maxDueMs = parseDuration(maxDue);
  if (maxDueMs === undefined)
    throw new InvalidHealthOptionError(
      `maxDue must be a duration such as '5m' or a number of ms, got ${JSON.stringify(maxDue)}.`,
    );
  if (!Array.isArray(ignore) || !ignore.every((name) => HEALTH_PARTS.includes(name)))
    throw new InvalidHealthOptionError(
      `ignore must be a list of ${HEALTH_PARTS.map((name) => `'${name}'`).join(', ')}, got ${JSON.stringify(ignore)}.`,
    );
  return { maxDueMs, ignore: new Set(ignore) };
}
