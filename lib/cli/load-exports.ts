import 'reflect-metadata';
import { resolve } from 'node:path';
import { isRecord } from '../reference/resolve.js';
import { UsageError } from './command.js';
import { imported, importTypeScript, isTypeScript } from './import-typescript.js';

export type Exports = Readonly<Record<string, unknown>>;

/**
 * Loads the exports of an app's module, in JavaScript, or in TypeScript if a loader is available.
 * @param isWanted whether a value is what the caller looks for: the exports of a CommonJS module also appear as one
 * default export
 * @throws UsageError
 */
export async function loadExports(module: string, isWanted: (value: unknown) => boolean): Promise<Exports> {
  const file = resolve(module);
  try {
    const exported = await (isTypeScript(file) ? importTypeScript(file) : imported(file));
    const { default: own, ...named } = exported;
    return isRecord(own) && !isWanted(own) ? { ...own, ...named } : exported;
  } catch (cause) {
    throw new UsageError(`${file} can't be loaded: ${(cause as Error).message}`);
  }
}

/**
 * The export with the given name. Without a name: the default export, or the only wanted one.
 * @param what names it in errors: `options of forRoot`
 * @throws UsageError
 */
export async function loadExport<Wanted>(
  module: string,
  name: string | undefined,
  what: string,
  isWanted: (value: unknown) => value is Wanted,
): Promise<Wanted> {
  const exported = await loadExports(module, isWanted);
  const names = Object.keys(exported).join(', ') || 'nothing';
  if (name !== undefined) {
    const value = exported[name];
    if (isWanted(value)) return value;
    throw new UsageError(`${name} of ${module} is no ${what}. It exports ${names}.`);
  }
  if (isWanted(exported.default)) return exported.default;
  const found = [...new Set(Object.values(exported).filter(isWanted))];
  if (found.length === 1) return found[0]!;
  throw new UsageError(
    `${module} exports no ${what}, or several. Say which with --export: it exports ${names}.`,
  );
}
