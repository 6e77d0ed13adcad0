import { afterAll, expect, vi } from 'vitest';

/** Spec files share processes: a file that leaves a fake timer behind stops every later file, which then hangs. */
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
/** The timers as the first file of the process found them. */
const found = (shared[KEY] ??= new Map(TIMERS.map((name) => [name, globalThis[name]])));

afterAll(() => {
  // Vitest does the first too, after this, when nobody can tell any more which file it was.
  vi.restoreAllMocks();
  vi.useRealTimers();
  const changed = TIMERS.filter((name) => globalThis[name] !== found.get(name));
  for (const name of changed) Reflect.set(globalThis, name, found.get(name));
  expect(changed, 'what this file leaves faked').toEqual([]);
});
