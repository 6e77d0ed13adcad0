import type { ModuleRef } from '@nestjs/core';

/** The part of the app's `EventEmitter2` that we use. */
export interface DomainEventEmitter {
  emitAsync(event: string, ...values: unknown[]): Promise<unknown>;
  on(event: string, listener: (...values: never[]) => unknown): unknown;
  off(event: string, listener: (...values: never[]) => unknown): unknown;
}

/** The app's event emitter; `undefined` if it has none. */
export async function findEventEmitter(moduleRef: ModuleRef): Promise<DomainEventEmitter | undefined> {
  const installed = await import('@nestjs/event-emitter').catch(() => undefined);
  if (!installed) return undefined;
  try {
    return moduleRef.get<DomainEventEmitter>(installed.EventEmitter2, { strict: false });
  } catch {
    return undefined;
  }
}
