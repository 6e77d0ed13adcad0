import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import ts from 'typescript';

const require = createRequire(import.meta.url);

/**
 * Runs the n-th example of a page (from 1) as it is written, and returns its exports.
 * @param given modules that the test has loaded itself
 */
export function documentedModule<Exports>(
  page: string,
  place: number,
  given: Readonly<Record<string, unknown>>,
  globals: Readonly<Record<string, unknown>> = {},
): Exports {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const [, code] = [...text.matchAll(/\n```ts\n([\s\S]*?)\n```/g)][place - 1]!;
  const { outputText } = ts.transpileModule(code!, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  const exports = {};
  const load = (name: string): unknown => given[name] ?? (require(name) as unknown);
  new Function('require', 'exports', ...Object.keys(globals), outputText)(
    load,
    exports,
    ...Object.values(globals),
  );
  return exports as Exports;
}
