import type { LoadedEndpoint, SeenEndpoint } from '../domain/delivery.js';

type Endpoint = LoadedEndpoint | 'deleted';

interface Known {
  readonly endpoint: Endpoint;
  readonly seenAt: number;
  /** When a request last wanted it. */
  usedAt: number;
}

/** A request that starts this long after a look has it on its side; later ones look again. */
const CURRENT_FOR_MS = 100;
/** Whoever looks, looks for those as well that will have to soon: one statement for all of them. */
const SOON_MS = CURRENT_FOR_MS / 2;
const FEWEST_KNOWN = 1_000;

/** Endpoints as they were seen last, so that none that was deleted or turned off gets requests for long. Times are those of `performance.now()`. */
export class EndpointStates {
  private readonly known = new Map<string, Known>();
  /** Those that have asked for it just now: their rows may not say so yet. */
  private readonly deferrals = new Map<string, number>();
  private readonly looks = new Map<string, Promise<Endpoint>>();
  private mostKnown = FEWEST_KNOWN;

  /** @param load gives an endpoint as it is now, `undefined` where there is none any more; calls that come together are one statement */
  constructor(private readonly load: (id: string) => Promise<LoadedEndpoint | undefined>) {}

  /** @param seenAt when it was read; of `unknown`: what was read before that is too old */
  saw(id: string, endpoint: SeenEndpoint, seenAt: number): void {
    const known = this.known.get(id);
    if (seenAt <= (known?.seenAt ?? -Infinity)) return;
    if (endpoint === 'unknown') return this.changed(id);
    this.known.set(id, { endpoint, seenAt, usedAt: known?.usedAt ?? -Infinity });
    if (this.known.size > this.mostKnown) this.sweep();
  }

  /** The endpoint as it was a moment ago; `undefined` where nobody has looked since. */
  current(id: string): Endpoint | undefined {
    const known = this.known.get(id);
    if (!known) return undefined;
    known.usedAt = performance.now();
    return isCurrent(known) ? known.endpoint : undefined;
  }

  /** It has changed: whoever needs it looks again. */
  changed(id: string): void {
    this.known.delete(id);
    this.looks.delete(id);
  }

  /** Nothing is to be sent to it before `until`, epoch ms. */
  defer(id: string, until: number): void {
    this.deferrals.set(id, Math.max(until, this.deferrals.get(id) ?? 0));
  }

  /** From now on its row says so. */
  deferralStored(id: string): void {
    this.deferrals.delete(id);
  }

  /** Before when nothing is to be sent to it, epoch ms; 0 where that is not so. */
  deferredUntil(id: string, { deferredUntil }: LoadedEndpoint): number {
    return Math.max(deferredUntil ?? 0, this.deferrals.get(id) ?? 0);
  }

  look(id: string): Promise<Endpoint> {
    const look = this.lookAt(id);
    const now = performance.now();
    for (const [other, { seenAt, usedAt }] of this.known) {
      // Of one that can't be looked at, whoever needs it is told.
      if (now - usedAt < CURRENT_FOR_MS && now - seenAt > SOON_MS) this.lookAt(other).catch(() => undefined);
    }
    return look;
  }

  private lookAt(id: string): Promise<Endpoint> {
    const running = this.looks.get(id);
    if (running) return running;
    const seenAt = performance.now();
    const look: Promise<Endpoint> = this.load(id)
      .then((loaded) => {
        const endpoint = loaded ?? 'deleted';
        this.saw(id, endpoint, seenAt);
        return endpoint;
      })
      .finally(() => {
        if (this.looks.get(id) === look) this.looks.delete(id);
      });
    this.looks.set(id, look);
    return look;
  }

  private sweep(): void {
    for (const [id, known] of this.known) if (!isCurrent(known)) this.known.delete(id);
    this.mostKnown = Math.max(FEWEST_KNOWN, 2 * this.known.size);
  }
}

const isCurrent = ({ seenAt }: Known): boolean => performance.now() - seenAt <= CURRENT_FOR_MS;
