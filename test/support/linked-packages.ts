import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** Links every package of this checkout into an app, which saves an install. */
export function linkPackages(folder: string): void {
  const target = join(folder, 'node_modules');
  mkdirSync(target);
  for (const name of readdirSync(MODULES).filter((entry) => !entry.startsWith('.')))
    linkPackage(folder, name);
}

/** Links one package of this checkout into an app, such as one that takes long to build. */
export function linkPackage(folder: string, name: string): void {
  symlinkSync(join(MODULES, name), join(folder, 'node_modules', name), 'junction');
}
