import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

/** A dated version of the data of all event types. */
export interface WebhookVersionOptions {
  /** What changed, for customers. Default: none. */
  description?: string;
  /** From this day on (UTC), its endpoints get the next version. Default: never. */
  retiresAt?: string;
}

export interface WebhookVersion {
  /** Its date, `2026-12-01`. */
  readonly version: string;
  readonly description: string;
  /** Epoch ms; `null`: it does not retire. */
  readonly retiresAt: number | null;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * The versions, the oldest first.
 * @throws InvalidWebhooksOptionError
 */
export function resolveVersions(given: unknown = {}): readonly WebhookVersion[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidWebhooksOptionError(
      'versions',
      "must be an object with an entry for each day, such as { '2026-12-01': {} }.",
    );
  }
  const versions = Object.entries(given as Record<string, WebhookVersionOptions>).map(([version, entry]) =>
    resolved(version, entry),
  );
  versions.sort((one, other) => (one.version < other.version ? -1 : 1));
  const newest = versions.at(-1);
  if (newest && newest.retiresAt !== null) {
    throw new InvalidWebhooksOptionError(
      `versions['${newest.version}'].retiresAt`,
      'is of the newest version, after which there is none.',
    );
  }
  return Object.freeze(versions);
}

function resolved(version: string, entry: WebhookVersionOptions): WebhookVersion {
  const fail = (what: string, problem: string): never => {
    throw new InvalidWebhooksOptionError(`versions['${version}']${what}`, problem);
  };
  if (dayOf(version) === undefined) fail('', "must be named by its day, such as '2026-12-01'.");
  if (typeof entry !== 'object' || entry === null) fail('', `must be an object, got ${String(entry)}.`);
  const unknown = Object.keys(entry).find((name) => name !== 'description' && name !== 'retiresAt');
  if (unknown !== undefined) fail(`.${unknown}`, "is no option. There are 'description' and 'retiresAt'.");
  const { description = '', retiresAt } = entry;
  if (typeof description !== 'string') fail('.description', `must be a text, got ${typeof description}.`);
  const at = retiresAt === undefined ? null : dayOf(retiresAt);
  if (at === undefined)
    fail('.retiresAt', `must be a day such as '2027-06-01', got ${JSON.stringify(retiresAt)}.`);
  return { version, description, retiresAt: at ?? null };
}

/** The start of the day in UTC, epoch ms. */
function dayOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !DAY.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : ms;
}

export const newestOf = (versions: readonly WebhookVersion[]): string | null =>
  versions.at(-1)?.version ?? null;
