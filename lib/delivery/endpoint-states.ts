import type { LoadedEndpoint, SeenEndpoint } from '../domain/delivery.js';

type Endpoint = LoadedEndpoint | 'deleted';

interface Known {
  readonly endpoint: Endpoint;
  readonly seenAt: number;
  /** When a request last needed it. */
  usedAt: number;
}

/** A state that was read this long ago is new enough for a request. Later requests read it again. */
const CURRENT_FOR_MS = 150;
/** A read includes the endpoints that will soon have to be read: one statement for all of them. */
const SOON_MS = CURRENT_FOR_MS / 2;
const FEWEST_KNOWN = 1_000;

/**
 * The endpoints as they were last read, so that a deleted or paused endpoint soon gets no more requests. Times are
 * those of `performance.now()`.
 */
export class EndpointStates {
  private readonly known = new Map<string, Known>();
  /** Endpoints that have just asked for time. Their rows may not say so yet. */
  private readonly deferrals = new Map<string, number>();
  private readonly looks = new Map<string, Promise<Endpoint>>();
  private mostKnown = FEWEST_KNOWN;

  /** @param load reads an endpoint, `undefined` if it is gone; calls that come together become one statement */
  constructor(private readonly load: (id: string) => Promise<LoadedEndpoint | undefined>) {}

  /** @param seenAt when it was read; `unknown` takes states from before that for too old */
  saw(id: string, endpoint: SeenEndpoint, seenAt: number): void {
    const known = this.known.get(id);
    if (seenAt <= (known?.seenAt ?? -Infinity)) return;
    if (endpoint === 'unknown') return this.changed(id);
    this.known.set(id, { endpoint, seenAt, usedAt: known?.usedAt ?? -Infinity });
    if (this.known.size > this.mostKnown) this.sweep();
  }

  /** The endpoint as it was a moment ago; `undefined` if it must be read again. */
  current(id: string): Endpoint | undefined {
    const known = this.known.get(id);
    if (!known) return undefined;
    known.usedAt = performance.now();
    return isCurrent(known) ? known.endpoint : undefined;
  }

  /** The endpoint has changed, so the next request reads it again. */
  changed(id: string): void {
    this.known.delete(id);
    this.looks.delete(id);
  }

  /** Nothing may be sent to the endpoint before `until`, epoch ms. */
  defer(id: string, until: number): void {
    this.deferrals.set(id, Math.max(until, this.deferrals.get(id) ?? 0));
  }

  /** The deferral is in the endpoint's row now. */
  deferralStored(id: string): void {
    this.deferrals.delete(id);
  }

  /** Until when nothing may be sent to the endpoint, epoch ms; 0 if there is no such time. */
  deferredUntil(id: string, { deferredUntil }: LoadedEndpoint): number {
    return Math.max(deferredUntil ?? 0, this.deferrals.get(id) ?? 0);
  }

  look(id: string): Promise<Endpoint> {
    const look = this.lookAt(id);
    const now = performance.now();
    for (const [other, { seenAt, usedAt }] of this.known) {
      // If a read fails, the next request gets the error.
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
