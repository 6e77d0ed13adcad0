import type { ModuleRef } from '@nestjs/core';

/** What we need of the app's `EventEmitter2`. */
export interface DomainEventEmitter {
  emitAsync(event: string, ...values: unknown[]): Promise<unknown>;
  on(event: string, listener: (...values: never[]) => unknown): unknown;
  off(event: string, listener: (...values: never[]) => unknown): unknown;
}

/** The app's event emitter, or `undefined` in an app that has none. */
export async function findEventEmitter(moduleRef: ModuleRef): Promise<DomainEventEmitter | undefined> {
  const installed = await import('@nestjs/event-emitter').catch(() => undefined);
  if (!installed) return undefined;
  try {
    return moduleRef.get<DomainEventEmitter>(installed.EventEmitter2, { strict: false });
  } catch {
    return undefined;
  }
}
