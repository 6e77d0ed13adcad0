import type { DataSourceOptions } from 'typeorm';

/** What a subject's process is to run. */
export interface SubjectConfig {
  readonly kind: 'bare' | 'plain' | 'ours';
  readonly database?: DataSourceOptions;
  readonly redis?: { readonly redis: string; readonly redisPrefix: string };
  /** Default: true. */
  readonly worker?: boolean;
  /** Whether the plain one saves an event's deliveries with it, and adds their jobs at once. Default: false. */
  readonly inBulk?: boolean;
}

/** SQLite in WAL mode loses the last commits in a power cut unless it is told to sync each, as the servers are here. */
export const durable = (database: DataSourceOptions | undefined): object =>
  database?.type === 'better-sqlite3'
    ? {
        ...database,
        prepareDatabase: (file: { pragma(sql: string): void }) => file.pragma('synchronous = FULL'),
      }
    : { ...database };

/** One of what is compared, in a process of its own. */
export interface SubjectApp {
  addEndpoint(tenant: string, url: string): Promise<void>;
  /** Emits the event number `n`, of one of the tenants in turn; gives the id that arrives as `webhook-id`. */
  emit(n: number): Promise<string>;
  /** What else a section measures. */
  readonly operations: Readonly<Record<string, (n: number) => Promise<unknown>>>;
}

export const EVENT_TYPE = 'post.published';

const TENANTS = 20;

/** Many customers, as an app has them: each has endpoints of its own, and the events come from all. */
export const TENANT_NAMES: readonly string[] = Array.from({ length: TENANTS }, (_, n) => `tenant-${n}`);

export const tenantOf = (n: number): string => TENANT_NAMES[n % TENANTS]!;

const BODY_BYTES = 1_024;

export const envelopeOf = (id: string, data: object): object => ({
  id,
  event_type: EVENT_TYPE,
  created_at: '2023-05-15T14:22:30Z',
  data,
});

const post = (text: string): object => ({ post_id: 'post_12345678', platform: 'linkedin', text });

/** What is emitted: 1 KiB once it is in its envelope, with an id as long as ours. */
export const EVENT_DATA = post(
  'x'.repeat(BODY_BYTES - JSON.stringify(envelopeOf(`evt_${'0'.repeat(32)}`, post(''))).length),
);
