import { afterAll, expect, vi } from 'vitest';

/** Spec files share processes: a file that leaves a fake timer behind makes every later file hang. */
const TIMERS = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
  'Date',
] as const;

const KEY = Symbol.for('nestjs-webhooks timers of this process');
const shared = globalThis as { [KEY]?: ReadonlyMap<string, unknown> };
/** The timers before the first file of the process ran. */
const found = (shared[KEY] ??= new Map(TIMERS.map((name) => [name, globalThis[name]])));

afterAll(() => {
  // Vitest restores mocks too, but only after this hook, when it is too late to name the file.
  vi.restoreAllMocks();
  vi.useRealTimers();
  const changed = TIMERS.filter((name) => globalThis[name] !== found.get(name));
  for (const name of changed) Reflect.set(globalThis, name, found.get(name));
  expect(changed, 'what this file leaves faked').toEqual([]);
});
