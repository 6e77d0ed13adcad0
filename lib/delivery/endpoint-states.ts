import type { LoadedEndpoint, SeenEndpoint } from '../domain/delivery.js';

type Known = LoadedEndpoint | 'deleted';

/** A request that starts this long after a look has it on its side; later ones look again. */
const CURRENT_FOR_MS = 100;
const FEWEST_KNOWN = 1_000;

/** Endpoints as they were seen last, so that none that was deleted or turned off gets requests for long. */
export class EndpointStates {
  private readonly known = new Map<string, { readonly endpoint: Known; readonly seenAt: number }>();
  private mostKnown = FEWEST_KNOWN;

  /** @param load what gives an endpoint as it is now, `undefined` where there is none any more */
  constructor(private readonly load: (id: string) => Promise<LoadedEndpoint | undefined>) {}

  /** @param seenAt when it was read, by `performance.now()`; of `unknown`: what was read before that is too old */
  saw(id: string, endpoint: SeenEndpoint, seenAt: number): void {
    if (seenAt <= (this.known.get(id)?.seenAt ?? -Infinity)) return;
    if (endpoint === 'unknown') return this.changed(id);
    this.known.set(id, { endpoint, seenAt });
    if (this.known.size > this.mostKnown) this.sweep();
  }

  /** The endpoint as it was a moment ago; `undefined` where nobody has looked since. */
  current(id: string): Known | undefined {
    const known = this.known.get(id);
    return known && performance.now() - known.seenAt <= CURRENT_FOR_MS ? known.endpoint : undefined;
  }

  /** It has changed: whoever needs it looks again. */
  changed(id: string): void {
    this.known.delete(id);
  }

  async look(id: string): Promise<Known> {
    const seenAt = performance.now();
    const endpoint = (await this.load(id)) ?? 'deleted';
    this.saw(id, endpoint, seenAt);
    return endpoint;
  }

  private sweep(): void {
    for (const id of this.known.keys()) if (this.current(id) === undefined) this.known.delete(id);
    this.mostKnown = Math.max(FEWEST_KNOWN, 2 * this.known.size);
  }
}
