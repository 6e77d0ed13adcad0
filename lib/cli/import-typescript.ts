import { createRequire } from 'node:module';
import { dirname } from 'node:path';

type Exports = Record<string, unknown>;

export const isTypeScript = (file: string): boolean => /\.[mc]?tsx?$/.test(file);

export const imported = (file: string): Promise<Exports> => import(file) as Promise<Exports>;

/** Packages that load TypeScript. The first one installed in the app is used. */
const LOADERS: readonly { readonly name: string; load(require: NodeJS.Require, file: string): unknown }[] = [
  {
    name: 'tsx',
    load: (require, file) =>
      (require('tsx/cjs/api') as { require(file: string, from: string): unknown }).require(file, file),
  },
  {
    name: 'ts-node',
    load: (require, file) => {
      const { register } = require('ts-node') as { register(options: object): void };
      register({ transpileOnly: true, cwd: dirname(file) });
      return require(file);
    },
  },
  {
    name: '@swc-node/register',
    load: (require, file) => {
      require('@swc-node/register');
      return require(file);
    },
  },
];

/**
 * Imports a TypeScript module: with a loader package of the app, or with Node itself, which strips types from 22.18
 * on but does not support decorators.
 * @throws Error that says which package to install
 */
export async function importTypeScript(file: string): Promise<Exports> {
  const require = createRequire(file);
  const loader = LOADERS.find(({ name }) => has(require, name));
  try {
    return await imported(file);
  } catch (cause) {
    if (loader) return loader.load(require, file) as Exports;
    throw new Error(
      'TypeScript with decorators, or on Node below 22.18, needs tsx, ts-node or @swc-node/register: run npm install -D tsx, or ' +
        `give the JavaScript that your build makes of it. (${(cause as Error).message})`,
      { cause },
    );
  }
}

function has(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
