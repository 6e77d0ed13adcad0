// Aliases, and no interfaces: an app's declarations write them out, so that they need no public name.

/** A part of it: `unknown` where the database does not answer, so that nobody can say. */
export type WebhooksHealthPart = {
  readonly status: 'up' | 'down' | 'unknown';
  /** A sentence, where it is down. */
  readonly reason?: string;
};

/** A process that delivers. Times are ISO 8601. */
export type WebhookWorkerView = {
  readonly id: string;
  /** Host and process id. */
  readonly name: string;
  readonly startedAt: string;
  /** It tells every 10 s that it works. */
  readonly seenAt: string;
};

export const HEALTH_PARTS = ['database', 'schema', 'queue', 'due', 'workers'] as const;
export type WebhooksHealthPartName = (typeof HEALTH_PARTS)[number];

/** Whether webhooks are sent, and if not, why. */
export type WebhooksHealthView = {
  readonly status: 'up' | 'down';
  /** Of the parts that are down and not ignored. */
  readonly reasons: readonly string[];
  readonly database: WebhooksHealthPart;
  readonly schema: WebhooksHealthPart;
  readonly queue: WebhooksHealthPart;
  readonly due: WebhooksHealthPart & {
    /** Since when the one that has waited for the longest is due; `null` where nothing is. It may wait for its receiver. */
    readonly oldestDueAt: string | null;
  };
  readonly workers: WebhooksHealthPart & {
    /** Heard of within the last 45 s. */
    readonly heardOf: number;
  };
};
