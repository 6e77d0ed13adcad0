import { Inject, Injectable } from '@nestjs/common';
import {
  compiledFilter,
  keepingOut,
  type FilteredBody,
  type FilterTest,
  type WebhookFilter,
} from '../domain/endpoint-filter.js';
import { usableFilter } from '../domain/filter-rules.js';

/** An event as it is stored. */
export interface FilteredEvent {
  readonly body: string;
  /** The newest version of the app's events when it was emitted; `null`: it had none. */
  readonly version: string | null;
}

/** An endpoint's filter as it is stored, and the version that it is kept at. */
export interface StoredFilter {
  readonly filter: unknown;
  readonly version: string | null;
}

/** Reads an event in the version of an endpoint; `undefined` if the app's function can't make that version. */
export abstract class FilteredBodies {
  abstract read(event: FilteredEvent, version: string | null): FilteredBody | undefined;
}

/**
 * The filters of endpoints. Each reads the event in the form that its endpoint gets, so a new version of the app's
 * events changes no filter. An event that can't be read in that version counts as matching.
 */
@Injectable()
export class EndpointFilters {
  constructor(@Inject(FilteredBodies) readonly bodies: FilteredBodies) {}

  /** `null` if every event matches. */
  testOf({ filter: stored, version }: StoredFilter): ((event: FilteredEvent) => boolean) | null {
    const filter = usableFilter(stored);
    if (!filter) return null;
    const test = compiledFilter(filter);
    return (event) => {
      const body = this.bodies.read(event, version);
      return body === undefined || test(body);
    };
  }

  /** The part of the filter that excludes an event; `null` if the event matches. */
  keepingOut({ filter: stored, version }: StoredFilter, event: FilteredEvent): WebhookFilter | null {
    const filter = usableFilter(stored);
    const body = filter && this.bodies.read(event, version);
    return filter && body ? keepingOut(filter, body) : null;
  }
}

/** The test of a filter's JSON text. A text that is no filter excludes nothing. */
export function storedFilterTest(text: string): FilterTest {
  try {
    const filter = usableFilter(JSON.parse(text));
    if (filter) return compiledFilter(filter);
  } catch {
    // No JSON, so no filter.
  }
  return () => true;
}
