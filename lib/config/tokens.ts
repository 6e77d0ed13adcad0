export const WEBHOOKS_CONFIG = Symbol('WEBHOOKS_CONFIG');
export const WEBHOOKS_STRUCTURE = Symbol('WEBHOOKS_STRUCTURE');
export const WEBHOOKS_CATALOGUE = Symbol('WEBHOOKS_CATALOGUE');
export const WEBHOOKS_CLOCK = Symbol('WEBHOOKS_CLOCK');
/** The clock of this machine: what `WEBHOOKS_CLOCK` corrects by the database's. */
export const WEBHOOKS_MACHINE_CLOCK = Symbol('WEBHOOKS_MACHINE_CLOCK');
export const WEBHOOKS_QUEUE = Symbol('WEBHOOKS_QUEUE');
export const WEBHOOKS_LOOKUP = Symbol('WEBHOOKS_LOOKUP');
