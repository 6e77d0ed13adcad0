import { dropPromise } from '../domain/drop-promise.js';
import { filteredBody, type FilteredBody } from '../domain/endpoint-filter.js';
import { fieldProblem } from '../domain/field-problems.js';
import { serialiseBody } from '../domain/json-body.js';
import { eventOf } from '../domain/representation/represented.js';
import { quoted } from '../domain/shown-text.js';
import { InvalidWebhookInputError, InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import type { EventCatalogue, WebhookEventTypeDescription } from './event-catalogue.js';
import { checkShape, exampleProblem, schemaOf } from './event-shape.js';
import { checkEventVersionNames } from './option-names.js';
import type { WebhookVersion } from './version-options.js';
import type { WebhookEventVersionOptions } from './webhook-event-options.js';

type Down = (data: never) => unknown;

/** The dated versions of the app's events, and how to make the data of an older one. */
export class EventVersions {
  readonly oldest: string | null;
  readonly newest: string | null;

  /**
   * @throws InvalidWebhooksOptionError for a version that the app does not have, or a function that throws for the
   * example
   */
  constructor(
    readonly all: readonly WebhookVersion[],
    private readonly catalogue: Pick<EventCatalogue, 'versionsOf' | 'descriptions' | 'hasExample'>,
  ) {
    this.oldest = all[0]?.version ?? null;
    this.newest = all.at(-1)?.version ?? null;
    for (const { type, example } of catalogue.descriptions) this.check(type, example);
  }

  /** Whether an endpoint can choose it now. */
  isOffered(version: string, now: number): boolean {
    return this.all.some((one) => one.version === version && !isRetired(one, now));
  }

  /**
   * The version that an endpoint gets: its own, or the next one that is not retired. Without one of its own, the
   * oldest.
   */
  effective(version: string | null, now: number): string | null {
    const own = version ?? this.oldest;
    const from = this.all.filter((one) => own !== null && one.version >= own && !isRetired(one, now));
    return from[0]?.version ?? this.newest;
  }

  /**
   * Whether the data of this type differs in a version. @param emitted the newest version when the event was emitted
   */
  differs(type: string, emitted: string | null, version: string | null): boolean {
    return this.newest !== null && this.steps(type, emitted, version).length > 0;
  }

  /** The body of an event in an older version. Call it only if `differs`. Throws what the app's functions throw. */
  bodyIn(
    version: string | null,
    event: { readonly body: string; readonly eventVersion: string | null },
  ): string {
    const { id, type, data, createdAt } = eventOf(event.body, '', () => '');
    const steps = this.steps(type, event.eventVersion, version);
    if (steps.length === 0) return event.body;
    return serialiseBody({ id, type, createdAt: Date.parse(createdAt), data: through(steps, data) }).body;
  }

  /**
   * What the filter of an endpoint at this version reads: the data that the endpoint gets. `undefined` if that can't be
   * made.
   */
  filteredBody(
    { body, version: emitted }: { readonly body: string; readonly version: string | null },
    version: string | null,
    now: number,
  ): FilteredBody | undefined {
    const { event_type, data } = filteredBody(body);
    if (this.newest === null) return { event_type, data };
    const steps = this.steps(event_type, emitted, this.effective(version, now));
    try {
      return { event_type, data: steps.length === 0 ? data : asJson(event_type, through(steps, data)) };
    } catch {
      return undefined;
    }
  }

  /**
   * The catalogue in one version, which may be retired. Default: the newest.
   * @throws InvalidWebhookInputError for a version that the app does not have
   */
  describedIn(
    version: unknown,
    types: readonly WebhookEventTypeDescription[],
  ): readonly WebhookEventTypeDescription[] {
    if (version === undefined) return types;
    const known = this.all.find((one) => one.version === version);
    if (known) return types.map((type) => this.described(type, known.version));
    const values = this.all.map((one) => one.version).join(', ');
    const rule = values === '' ? 'can not be given: this app has no versions' : `must be one of ${values}`;
    const message = `version ${rule}, got ${quoted(String(version))}`;
    throw new InvalidWebhookInputError([
      values === ''
        ? fieldProblem('version', message, 'no-versions')
        : fieldProblem('version', message, 'unknown-version', { values }),
    ]);
  }

  /** A type in one version. If its data differs there and the app gives no schema of it, its example describes it. */
  described(type: WebhookEventTypeDescription, version: string | null): WebhookEventTypeDescription {
    const versions = this.between(type.type, this.newest, version);
    if (versions.length === 0) return type;
    const example = through(downsOf(versions), structuredClone(type.example)) as typeof type.example;
    return { ...type, schema: schemaOf(versions.at(-1)!), example };
  }

  /** The functions from the newer to the older version, in order. */
  private steps(type: string, emitted: string | null, version: string | null): Down[] {
    return downsOf(this.between(type, emitted, version));
  }

  private between(
    type: string,
    emitted: string | null,
    version: string | null,
  ): WebhookEventVersionOptions[] {
    const from = emitted ?? this.oldest;
    const to = version ?? this.oldest;
    if (from === null || to === null || to >= from) return [];
    return this.catalogue
      .versionsOf(type)
      .filter(([older]) => older >= to && older < from)
      .map(([, options]) => options);
  }

  private check(type: string, example: object): void {
    let data: unknown = example;
    for (const [version, options] of this.catalogue.versionsOf(type)) {
      const option = `events['${type}'].versions['${version}']`;
      if (!this.all.some((one) => one.version === version) || version === this.newest) {
        throw new InvalidWebhooksOptionError(
          option,
          'must be one of the option versions, and not the newest of them.',
        );
      }
      checkEventVersionNames(option, options);
      const { down } = options;
      if (typeof down !== 'function') {
        throw new InvalidWebhooksOptionError(
          `${option}.down`,
          `must be a function of the data, got ${typeof down}.`,
        );
      }
      checkShape(option, options);
      data = downOnce(option, type, options, data);
      // Without an example, nobody knows whether `down` can make more of `{}`.
      const problem = this.catalogue.hasExample(type) ? exampleProblem(options, data as object) : undefined;
      if (problem) throw new InvalidWebhooksOptionError(option, `makes an example that ${problem}`);
    }
  }
}

/** The data of an example in the version below, as JSON carries it. */
function downOnce(
  option: string,
  type: string,
  { down }: WebhookEventVersionOptions,
  data: unknown,
): unknown {
  try {
    return asJson(type, through([down], structuredClone(data)));
  } catch (cause) {
    throw new InvalidWebhooksOptionError(
      `${option}.down`,
      `can't make this version of the example: ${(cause as Error).message}`,
    );
  }
}

/** Data as receivers parse it. @throws InvalidWebhookDataError */
const asJson = (type: string, data: unknown): unknown =>
  JSON.parse(serialiseBody({ id: '', type, createdAt: 0, data }).data);

const isRetired = ({ retiresAt }: WebhookVersion, now: number): boolean =>
  retiresAt !== null && retiresAt <= now;

const downsOf = (versions: readonly WebhookEventVersionOptions[]): Down[] => versions.map(({ down }) => down);

const through = (steps: readonly Down[], data: unknown): unknown =>
  steps.reduce((newer, down) => {
    const older = down(newer as never);
    if (dropPromise(older)) throw new TypeError('down() must give the data at once, got a promise.');
    return older;
  }, data);
