import { TlsConnector } from '../../compat/tls-connector.js';
import type { WebhooksRedisOptions } from '../../config/webhooks-options.js';
import { nearestName } from '../../domain/nearest-name.js';
import { InvalidWebhooksOptionError } from '../../domain/webhooks.error.js';

/** A connection in the form that Bull takes. */
interface Connection {
  readonly url: string | undefined;
  readonly redis: WebhooksRedisOptions;
}

/**
 * Settings that the connections of Bull and BullMQ need, whatever the app's other connections have. A worker blocks on
 * one connection for seconds and listens on another, from the start and for the life of the process. With other values
 * it silently takes no jobs.
 */
const NEEDED = {
  lazyConnect: false,
  enableOfflineQueue: true,
  enableAutoPipelining: false,
  autoResubscribe: true,
  autoResendUnfulfilledCommands: true,
  stringNumbers: false,
} as const;
/** Bull refuses to wait until Redis is ready. BullMQ has to wait, since it first asks Redis for its version. */
const NEEDED_BY = {
  bull: { enableReadyCheck: false },
  bullmq: { enableReadyCheck: true, maxRetriesPerRequest: null },
} as const;
type Library = keyof typeof NEEDED_BY;
const UNUSABLE = ['commandTimeout', 'blockingTimeout', 'socketTimeout'] as const;

const KNOWN = [
  ...Object.keys(NEEDED),
  'enableReadyCheck',
  ...UNUSABLE,
  ...`
    host port path family username password db tls sentinels name role natMap sentinelUsername
    sentinelPassword sentinelRetryStrategy sentinelReconnectStrategy sentinelTLS sentinelCommandTimeout
    sentinelMaxConnections enableTLSForSentinelMode updateSentinels failoverDetector preferredSlaves
    connectTimeout disconnectTimeout blockingTimeoutGrace keepAlive noDelay connectionName disableClientInfo
    clientInfoTag reconnectOnError retryStrategy maxRetriesPerRequest maxLoadingRetryTime
    autoPipeliningIgnoredCommands readOnly monitor keyPrefix scripts Connector DB localAddress lookup hints
    showFriendlyErrorStack protocol offlineQueue commandQueue
  `.match(/\w+/g)!,
];

const LONGEST_PAUSE_MS = 20_000;

/** Options that say that this Redis is not to be written to. */
const REFUSED: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  keyPrefix: () => 'would be put before the option redisPrefix. Write redisPrefix alone.',
  readOnly: (value) => (value ? 'must be false: the queue writes.' : undefined),
  monitor: (value) => (value ? 'must be false: such a connection takes no commands.' : undefined),
  role: (value) => (value === 'slave' ? "must be 'master': the queue writes." : undefined),
  db: (value) =>
    Number.isInteger(Number(value)) && Number(value) >= 0
      ? undefined
      : `must be the number of a database, got ${JSON.stringify(value)}.`,
};

/**
 * Turns a URL, or options of ioredis, into those of Bull.
 * @param option the name of the option, for errors
 * @throws InvalidWebhooksOptionError
 */
export const bullConnection = (option: string, redis: unknown): Connection =>
  redisConnection('bull', option, redis);

/** The same for BullMQ, which takes one object. */
export function bullmqConnection(option: string, redis: unknown): WebhooksRedisOptions {
  const { url, redis: options } = redisConnection('bullmq', option, redis);
  // ioredis would prefer the query of the URL to the options.
  return url === undefined ? options : { ...serverOf(new URL(url)), ...options };
}

function serverOf(url: URL): WebhooksRedisOptions {
  const { hostname, port, username, password } = url;
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}

function redisConnection(library: Library, option: string, redis: unknown): Connection {
  if (typeof redis === 'string') return fromUrl(library, option, redis);
  if (typeof redis === 'object' && redis !== null && !Array.isArray(redis)) {
    return { url: undefined, redis: usable(library, option, redis as WebhooksRedisOptions) };
  }
  throw new InvalidWebhooksOptionError(
    option,
    `must be a URL such as 'redis://localhost:6379', or options of ioredis, got ${redis === null ? 'null' : typeof redis}.`,
  );
}

/** The message never contains the URL, which may contain a password. */
function fromUrl(library: Library, option: string, text: string): Connection {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    throw new InvalidWebhooksOptionError(option, "must be a URL such as 'redis://localhost:6379'.");
  }
  const path = url.pathname.slice(1);
  const given = usable(library, option, {
    ...Object.fromEntries(url.searchParams),
    ...(path === '' ? {} : { db: path as never }),
  });
  // Bull ignores the URL's scheme, and would send plain text to a TLS port.
  const tls = url.protocol === 'rediss:' ? { tls: {}, Connector: TlsConnector } : {};
  return { url: text, redis: { ...given, ...tls } };
}

function usable(library: Library, option: string, given: WebhooksRedisOptions): WebhooksRedisOptions {
  for (const [name, value] of Object.entries(given)) {
    // ioredis also takes options of sockets and TLS, and gets new ones: refuse only names that look misspelled.
    const meant = KNOWN.includes(name) ? undefined : nearestName(name, KNOWN);
    if (meant) {
      throw new InvalidWebhooksOptionError(`${option}.${name}`, `is no option. Did you mean ${meant}?`);
    }
    const problem = value === undefined ? undefined : REFUSED[name]?.(value);
    if (problem) throw new InvalidWebhooksOptionError(`${option}.${name}`, problem);
  }
  const options: WebhooksRedisOptions = {
    ...given,
    ...NEEDED,
    ...NEEDED_BY[library],
    retryStrategy: endless(given.retryStrategy),
    ...(given.tls && !given.sentinels ? { Connector: given.Connector ?? TlsConnector } : {}),
  };
  // ioredis takes undefined for "not set".
  for (const name of UNUSABLE) if (name in options) options[name] = undefined;
  return options;
}

/** The app's own pause before the next connection, if it returns one. A worker never gives Redis up. */
function endless(strategy: unknown): (times: number) => number {
  return (times) => {
    // Bull's own formula.
    const byDefault = Math.min(Math.exp(times), LONGEST_PAUSE_MS);
    if (typeof strategy !== 'function') return byDefault;
    try {
      const pause: unknown = (strategy as (count: number) => unknown)(times);
      return typeof pause === 'number' && pause >= 0 && pause <= LONGEST_PAUSE_MS ? pause : byDefault;
    } catch {
      return byDefault;
    }
  };
}
