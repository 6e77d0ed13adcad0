import type { LocalWorker } from '../dispatch/local-worker.js';

/** Tells listeners, once, that a worker has room again: for anything, or in the lanes of certain endpoints. */
export class AwaitedRoom {
  private awaited:
    { readonly endpointIds: ReadonlySet<string> | null; readonly listener: () => void } | undefined;

  constructor(private readonly worker: Pick<LocalWorker, 'room' | 'laneRoom'>) {}

  /** @param endpointIds `null`: room for any delivery */
  await(endpointIds: readonly string[] | null, listener: () => void): void {
    this.awaited = { endpointIds: endpointIds && new Set(endpointIds), listener };
    if (!endpointIds) this.look();
    else for (const id of endpointIds) this.look(id);
  }

  /** @param endpointId the endpoint whose lane has moved; left out: a delivery has left the worker */
  look(endpointId?: string): void {
    if (!this.awaited) return;
    const { endpointIds, listener } = this.awaited;
    const hasRoom = endpointIds
      ? endpointId !== undefined && endpointIds.has(endpointId) && this.worker.laneRoom(endpointId) > 0
      : this.worker.room() > 0;
    if (!hasRoom) return;
    this.awaited = undefined;
    listener();
  }
}
