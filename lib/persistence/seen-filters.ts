import type { NewEvent } from '../domain/delivery.js';
import type { FilteredBody, FilterTest } from '../domain/endpoint-filter.js';
import type { EndpointFilter } from '../domain/fan-out.js';
import { madeOnce } from '../domain/made-once.js';
import { storedFilterTest, type FilteredBodies } from './endpoint-filters.js';

/** For all tenants together. A filter has a few kilobytes at most. */
const MOST_ENDPOINTS = 50_000;
/**
 * Of the texts of compiled filters. A compiled one takes some ten times the memory of its text. Filters beyond this are compiled for each event, which
 * takes about 10 µs, rather than pushing out others that the same event needs.
 */
const MOST_CHARACTERS = 8_388_608;
/** After this time, it asks again whether there are filters at all. */
const USED_FOR_MS = 600_000;

/** The results of filters for events. `allowed` holds only if the database still has the filters of `judged`. */
export interface Verdicts {
  readonly judged: readonly EndpointFilter[];
  readonly allowed: readonly { readonly eventId: string; readonly endpointId: string }[];
}

/** Of one event: its body in each version, and the results that another search could change. */
interface Judgement {
  readonly bodies: Map<string, FilteredBody | undefined>;
  readonly searched: Map<string, boolean>;
}

/** A filter's text with the version that it reads in front: `2026-03-01{"field":…}`. */
const VERSIONED = /^(\d{4}-\d\d-\d\d)?(.*)$/s;

export const versionedFilter = (version: unknown, filter: unknown): string =>
  `${version === null ? '' : String(version)}${String(filter)}`;

/**
 * The filters that this process has met, each compiled once, so that events can be judged before they are stored. What
 * it remembers may be old: the statement that stores an event compares.
 */
export class SeenFilters {
  private readonly byTenant = new Map<string, Map<string, string>>();
  private readonly compiled = new Map<string, FilterTest>();
  private readonly judgements = new WeakMap<NewEvent, Judgement>();
  private characters = 0;
  private endpoints = 0;
  private usedUntil = 0;

  constructor(private readonly bodies: FilteredBodies) {}

  /**
   * Whether a stored filter matches an event. Always gives the same answer, however much is searched meanwhile.
   * @param filter with its version in front: `versionedFilter`
   */
  allows(event: NewEvent, filter: string): boolean {
    const judgement = this.judgementOf(event);
    const known = judgement.searched.get(filter);
    if (known !== undefined) return known;
    const [, version = '', text = ''] = VERSIONED.exec(filter)!;
    const body = this.bodyIn(event, judgement, version);
    if (!body) return true;
    const before = body.searched;
    const allows = this.testOf(text)(body);
    if (body.searched !== before) judgement.searched.set(filter, allows);
    return allows;
  }

  /** Whether some endpoint has had a filter lately. */
  get areUsed(): boolean {
    return performance.now() < this.usedUntil;
  }

  areUnused(): void {
    this.usedUntil = 0;
  }

  /** @param filters that were not known; empty if there may be some */
  learn(filters: readonly EndpointFilter[]): void {
    this.usedUntil = performance.now() + USED_FOR_MS;
    // One tenant can have more, and its events are stored only if all of them are known.
    if (this.endpoints >= MOST_ENDPOINTS) this.forget();
    for (const { tenant, endpointId, filter } of filters) {
      const ofTenant = madeOnce(this.byTenant, tenant, () => new Map<string, string>());
      if (!ofTenant.has(endpointId)) this.endpoints++;
      ofTenant.set(endpointId, filter);
    }
  }

  /** `undefined` if it knows no filter. */
  verdicts(events: readonly NewEvent[]): Verdicts | undefined {
    if (this.byTenant.size === 0) return undefined;
    const judged: EndpointFilter[] = [];
    for (const tenant of new Set(events.map((event) => event.tenant))) {
      for (const [endpointId, filter] of this.byTenant.get(tenant) ?? [])
        judged.push({ tenant, endpointId, filter });
    }
    if (judged.length === 0) return undefined;
    const allowed = [];
    for (const event of events) {
      for (const [endpointId, filter] of this.byTenant.get(event.tenant) ?? [])
        if (this.allows(event, filter)) allowed.push({ eventId: event.id, endpointId });
    }
    return { judged, allowed };
  }

  private testOf(text: string): FilterTest {
    const known = this.compiled.get(text);
    if (known) return known;
    const test = storedFilterTest(text);
    if (this.characters + text.length > MOST_CHARACTERS) return test;
    this.characters += text.length;
    this.compiled.set(text, test);
    return test;
  }

  private judgementOf(event: NewEvent): Judgement {
    return madeOnce(this.judgements, event, () => ({ bodies: new Map(), searched: new Map() }));
  }

  private bodyIn(event: NewEvent, { bodies }: Judgement, version: string): FilteredBody | undefined {
    if (bodies.has(version)) return bodies.get(version);
    const body = this.bodies.read(event, version === '' ? null : version);
    bodies.set(version, body);
    return body;
  }

  /** Also of the compiled ones, since filters that nobody has any more would stay for ever. */
  private forget(): void {
    this.byTenant.clear();
    this.compiled.clear();
    this.characters = 0;
    this.endpoints = 0;
  }
}
