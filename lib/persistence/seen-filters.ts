import type { NewEvent } from '../domain/delivery.js';
import {
  compiledFilter,
  filteredBody,
  type FilteredBody,
  type FilterTest,
} from '../domain/endpoint-filter.js';
import type { EndpointFilter } from '../domain/fan-out.js';
import { usableFilter } from '../domain/filter-rules.js';

/** For all tenants together. A filter has a few kilobytes at most. */
const MOST_ENDPOINTS = 5_000;
const MOST_COMPILED = 5_000;
/** After this time, it asks again whether there are filters at all. */
const USED_FOR_MS = 600_000;

/** The results of filters for events. `rejected` holds only if the database still has the filters of `judged`. */
export interface Verdicts {
  readonly judged: readonly EndpointFilter[];
  readonly rejected: readonly { readonly eventId: string; readonly endpointId: string }[];
}

/** Of one event: its body, and the result of each filter. */
interface Judgement {
  readonly body: FilteredBody;
  readonly allowed: Map<string, boolean>;
}

/**
 * The filters that this process has met, each compiled once, so that events can be judged before they are stored. What it remembers may be
 * old: the statement that stores an event compares.
 */
export class SeenFilters {
  private readonly byTenant = new Map<string, Map<string, string>>();
  private readonly compiled = new Map<string, FilterTest>();
  private readonly judgements = new WeakMap<NewEvent, Judgement>();
  private endpoints = 0;
  private usedUntil = 0;

  /** Whether a stored filter matches an event. Always gives the same answer, however much is searched meanwhile. */
  allows(event: NewEvent, filter: string): boolean {
    const { body, allowed } = this.judgementOf(event);
    const known = allowed.get(filter);
    if (known !== undefined) return known;
    const allows = this.testOf(filter)(body);
    allowed.set(filter, allows);
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
      const ofTenant = this.byTenant.get(tenant) ?? new Map<string, string>();
      this.byTenant.set(tenant, ofTenant);
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
    const rejected = events.flatMap((event) =>
      [...(this.byTenant.get(event.tenant) ?? [])].flatMap(([endpointId, filter]) =>
        this.allows(event, filter) ? [] : [{ eventId: event.id, endpointId }],
      ),
    );
    return { judged, rejected };
  }

  private testOf(filter: string): FilterTest {
    const known = this.compiled.get(filter);
    if (known) return known;
    if (this.compiled.size >= MOST_COMPILED) this.compiled.clear();
    const test = storedFilterTest(filter);
    this.compiled.set(filter, test);
    return test;
  }

  private judgementOf(event: NewEvent): Judgement {
    const known = this.judgements.get(event);
    if (known) return known;
    const judgement = { body: filteredBody(event.body), allowed: new Map<string, boolean>() };
    this.judgements.set(event, judgement);
    return judgement;
  }

  private forget(): void {
    this.byTenant.clear();
    this.endpoints = 0;
  }
}

function storedFilterTest(text: string): FilterTest {
  try {
    const filter = usableFilter(JSON.parse(text));
    if (filter) return compiledFilter(filter);
  } catch {
    // No JSON, so no filter.
  }
  return () => true;
}
