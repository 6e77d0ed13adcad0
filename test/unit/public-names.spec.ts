import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Each entry point of the package, and the most names that it may have: an app's author reads all of them. */
const ENTRY_POINTS = {
  index: 53,
  'testing/index': 15,
  'receiver/index': 9,
  'transactions/index': 6,
  'moving/index': 7,
} as const;

/** What `export … from` of a file names. */
function namesOf(entryPoint: string): string[] {
  const file = fileURLToPath(new URL(`../../lib/${entryPoint}.ts`, import.meta.url));
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) return [`${file}: ${statement.kind}`];
    if (ts.isNamespaceExport(statement.exportClause)) return [statement.exportClause.name.text];
    return statement.exportClause.elements.map(({ name }) => name.text);
  });
}

describe.each(Object.entries(ENTRY_POINTS))('The public names of %s', (entryPoint, most) => {
  const names = namesOf(entryPoint);

  it(`are ${most} at most: what an app reaches by inference, or by an error's code, needs none`, () => {
    expect(names.length).toBeLessThanOrEqual(most);
    expect(names.length).toBeGreaterThan(most / 2);
    expect(new Set(names).size).toBe(names.length);
  });

  it('say Webhook, so that an app can tell whose they are and has none like them', () => {
    expect(names.filter((name) => !/webhook/i.test(name))).toEqual([]);
  });
});
