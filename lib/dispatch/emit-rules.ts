import type { EntityManager } from 'typeorm';
import { isEntityManager } from '../compat/typeorm.js';
import { emitNameProblem } from '../config/option-names.js';
import type { EmitWebhookOptions, WebhooksTransaction } from '../config/webhook-event-options.js';
import { quoted } from '../domain/shown-text.js';
import { WebhooksError } from '../domain/webhooks.error.js';

const MAX_KEY_LENGTH = 255;

/** An option of `emit` can't work. Nothing was stored. */
export class InvalidEmitOptionError extends WebhooksError {
  readonly code = 'webhooks/invalid-emit-option';

  constructor(
    readonly eventType: string,
    /** The name of the option; `options` if the options are no object. */
    readonly option: string,
    problem: string,
  ) {
    super(`emit(${quoted(eventType)}): ${option} ${problem}`);
  }
}

/** The body is larger than `limits.bodyBytes`. Nothing was stored. */
export class WebhookBodyTooLargeError extends WebhooksError {
  readonly code = 'webhooks/body-too-large';

  constructor(
    readonly eventType: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(
      `The body of '${eventType}' has ${bytes} bytes, ${limit} are allowed. Send ids and let the receiver fetch the ` +
        'rest, or raise limits.bodyBytes.',
    );
  }
}

/** @throws InvalidEmitOptionError */
export function checkEmitOptions(
  type: string,
  options: EmitWebhookOptions,
  app: {
    readonly tenants: boolean;
    readonly owns?: (manager: EntityManager) => boolean;
    readonly dialect?: WebhooksTransaction['dialect'];
  },
): void {
  const fail = (option: string, problem: string): never => {
    throw new InvalidEmitOptionError(type, option, problem);
  };
  if (typeof options !== 'object' || options === null) {
    fail('options', `must be an object such as { tenant }, got ${nameOf(options)}.`);
  }
  const unknown = emitNameProblem(options);
  if (unknown) fail(unknown.name, unknown.problem);
  const { tenant, idempotencyKey, manager, transaction } = options;
  if (app.tenants && (tenant === undefined || tenant === '')) {
    fail(
      'tenant',
      'is missing. This app has tenants (option tenants, or api.tenant), so every event must say whose it is: { tenant }.',
    );
  }
  if (tenant !== undefined && !isKey(tenant, 0)) fail('tenant', keyRule(tenant));
  if (idempotencyKey !== undefined && !isKey(idempotencyKey, 1))
    fail('idempotencyKey', keyRule(idempotencyKey));
  if (transaction !== undefined) {
    if (manager !== undefined)
      fail('transaction', 'is given beside manager, and an event joins one. Leave one of them out.');
    const problem = transactionProblem(transaction, app.dialect);
    if (problem) fail('transaction', problem);
  }
  // The recorder of the testing kit has no database.
  if (manager === undefined || !app.owns) return;
  const problem = managerProblem(manager, app.owns) ?? idleProblem(manager);
  if (problem) fail('manager', problem);
}

/** Says why an event can't join this manager's transaction; `undefined` if it can. */
export function managerProblem(
  manager: unknown,
  owns: (manager: EntityManager) => boolean,
): string | undefined {
  if (!isEntityManager(manager)) {
    return `must be an EntityManager of TypeORM, got ${nameOf(manager)}.`;
  }
  if (owns(manager)) return undefined;
  return 'belongs to another DataSource than the one that webhooks are stored in (option dataSource).';
}

/**
 * The caller means this connection. But if TypeORM knows of no transaction on it, we could not tell when it commits.
 */
export function idleProblem({ queryRunner }: EntityManager): string | undefined {
  if (!queryRunner || queryRunner.isTransactionActive) return undefined;
  return (
    'has a connection of its own that is in no transaction TypeORM knows of: it has ended, or was begun with ' +
    "query('BEGIN'). Begin it with startTransaction() or transaction(). To store the event at once, leave manager out."
  );
}

/**
 * Says why an event can't join this transaction; `undefined` if it can. @param dialect of the webhooks' database, if
 * there is one
 */
export function transactionProblem(
  transaction: unknown,
  dialect: WebhooksTransaction['dialect'],
): string | undefined {
  if (isEntityManager(transaction)) return 'is an EntityManager of TypeORM. Give it as manager.';
  const given = Object(transaction) as WebhooksTransaction & Readonly<Record<string, unknown>>;
  // Connections, pools and data sources have a `query`, too, but it returns something else or runs outside a
  // transaction.
  const isConnection = CONNECTION_METHODS.some((name) => typeof given[name] === 'function');
  if (typeof given.query !== 'function' || isConnection) {
    return (
      `must be an object { query(sql, parameters) } that gives rows, got ${nameOf(transaction)}. For pg, mysql2, Prisma, Drizzle ` +
      "and Kysely, functions of 'nestjs-webhooks/transactions' make one, such as pgWebhooksTransaction(client)."
    );
  }
  if (given.dialect === undefined || dialect === undefined || given.dialect === dialect) return undefined;
  return (
    `is one of ${DATABASES[given.dialect] ?? String(given.dialect)}, and webhooks are stored in ${DATABASES[dialect]}. An event can ` +
    'join no transaction of another database.'
  );
}

const CONNECTION_METHODS = ['end', 'release', 'destroy', 'close'];
const DATABASES = { postgres: 'PostgreSQL', mysql: 'MySQL', sqlite: 'SQLite' };

/** Names the kind of a value. Never shows the value, which may be secret. */
function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return `an object of the class ${value.constructor?.name ?? 'Object'}`;
}

/**
 * Refuses texts that a database could take for another key. Some databases pad or trim white space at the ends. None
 * can store half a surrogate pair, which is left if a text is cut within a character.
 */
export function isKey(value: unknown, minLength: number): value is string {
  return (
    typeof value === 'string' &&
    value.length >= minLength &&
    value.length <= MAX_KEY_LENGTH &&
    value === value.trim() &&
    !/\0|\p{Surrogate}/u.test(value)
  );
}

export const keyRule = (value: unknown): string =>
  `must be a string of at most ${MAX_KEY_LENGTH} characters, whole ones, with no white space at its ends, got ` +
  (typeof value === 'string' ? `one of ${value.length} characters.` : `${typeof value}.`);
