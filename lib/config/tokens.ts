export const WEBHOOKS_CONFIG = Symbol('WEBHOOKS_CONFIG');
/** The configuration from the options. `WEBHOOKS_CONFIG` is the same, with the changes of a test bed. */
export const WEBHOOKS_RESOLVED_OPTIONS = Symbol('WEBHOOKS_RESOLVED_OPTIONS');
export const WEBHOOKS_STRUCTURE = Symbol('WEBHOOKS_STRUCTURE');
/** In each module that `WebhooksModule` returned: the call that made it. */
export const WEBHOOKS_DECLARATION = Symbol('WEBHOOKS_DECLARATION');
export const WEBHOOKS_CATALOGUE = Symbol('WEBHOOKS_CATALOGUE');
export const WEBHOOKS_CLOCK = Symbol('WEBHOOKS_CLOCK');
/** The clock of this machine. `WEBHOOKS_CLOCK` corrects it by the database's. */
export const WEBHOOKS_MACHINE_CLOCK = Symbol('WEBHOOKS_MACHINE_CLOCK');
export const WEBHOOKS_QUEUE = Symbol('WEBHOOKS_QUEUE');
/** The worker of this process, as dispatch sees it. */
export const WEBHOOKS_LOCAL_WORKER = Symbol('WEBHOOKS_LOCAL_WORKER');
/** Returns the manager of the caller's transaction: the option `transaction`. */
export const WEBHOOKS_CURRENT_MANAGER = Symbol('WEBHOOKS_CURRENT_MANAGER');
/** The id of this module in this process. It identifies the worker. */
export const WEBHOOKS_INSTANCE = Symbol('WEBHOOKS_INSTANCE');
export const WEBHOOKS_LOOKUP = Symbol('WEBHOOKS_LOOKUP');

/** Distinguishes the database from others: only with a queue that several may share. */
export const WEBHOOKS_DATABASE_IDENTITY = Symbol('nestjs-webhooks identity of the database');
