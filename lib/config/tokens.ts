export const WEBHOOKS_CONFIG = Symbol('WEBHOOKS_CONFIG');
/** The configuration as the options say it. `WEBHOOKS_CONFIG` is the same, but for what a test bed changes. */
export const WEBHOOKS_RESOLVED_OPTIONS = Symbol('WEBHOOKS_RESOLVED_OPTIONS');
export const WEBHOOKS_STRUCTURE = Symbol('WEBHOOKS_STRUCTURE');
/** In each module that `WebhooksModule` gave: the call that gave it. */
export const WEBHOOKS_DECLARATION = Symbol('WEBHOOKS_DECLARATION');
export const WEBHOOKS_CATALOGUE = Symbol('WEBHOOKS_CATALOGUE');
export const WEBHOOKS_CLOCK = Symbol('WEBHOOKS_CLOCK');
/** The clock of this machine: what `WEBHOOKS_CLOCK` corrects by the database's. */
export const WEBHOOKS_MACHINE_CLOCK = Symbol('WEBHOOKS_MACHINE_CLOCK');
export const WEBHOOKS_QUEUE = Symbol('WEBHOOKS_QUEUE');
/** What this process can send by itself. */
export const WEBHOOKS_LOCAL_WORKER = Symbol('WEBHOOKS_LOCAL_WORKER');
/** Gives the manager of the transaction that an emit's caller is in: the option `transaction`. */
export const WEBHOOKS_CURRENT_MANAGER = Symbol('WEBHOOKS_CURRENT_MANAGER');
/** The id of this module in this process: what a worker is known by. */
export const WEBHOOKS_INSTANCE = Symbol('WEBHOOKS_INSTANCE');
export const WEBHOOKS_LOOKUP = Symbol('WEBHOOKS_LOOKUP');

/** Tells the database apart from others: only where there is a queue that several may share. */
export const WEBHOOKS_DATABASE_IDENTITY = Symbol('nestjs-webhooks identity of the database');
