import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(at(path), 'utf8');

/** A name as a document gives it: `…` stands for what differs from row to row. */
const partsOf = (name: string): string[] =>
  name
    .split('…')
    .map((part) => part.replaceAll(/\s+/g, ' ').trim())
    .filter((part) => part !== '');

/** Of `folder/file`: some test; another test */
const PROOF = /`((?:unit|e2e|integration|browser|load)\/[\w.-]+)`(?:: ([^|`)]*))?/g;

describe('The tests that the documents name as proofs', () => {
  const proofs = [
    'docs/explanation/security.md',
    'docs/explanation/reliability.md',
    'docs/reference/network.md',
  ].flatMap((document) => [...read(document).matchAll(PROOF)]);

  it('are many', () => {
    expect(proofs.length).toBeGreaterThan(60);
  });

  it.each(proofs.map(([, file, names = '']) => [`${file}.spec.ts`, names] as const))(
    'are in %s: %s',
    (file, names) => {
      expect(existsSync(at(`test/${file}`))).toBe(true);
      const text = read(`test/${file}`);
      const missing = names
        .split(';')
        .flatMap((name) => partsOf(name).filter((part) => !text.includes(part)));
      expect(missing).toEqual([]);
    },
  );

  it('are scenarios of the fault suite, for each fault of the table', () => {
    const folder = 'test/chaos/scenarios';
    const scenarios = readdirSync(at(folder))
      .map((file) => read(`${folder}/${file}`))
      .join('\n');
    const rows = read('docs/explanation/reliability.md')
      .split('\n')
      .filter((line) => /\| (no|yes) +\|/.test(line));
    expect(rows.length).toBeGreaterThan(25);
    for (const row of rows) {
      const names = [
        ...row
          .split('|')
          .at(-2)!
          .matchAll(/`([^`]+)`/g),
      ].map(([, name]) => name!);
      expect([row, names.length > 0]).toEqual([row, true]);
      const missing = names.flatMap((name) => partsOf(name).filter((part) => !scenarios.includes(part)));
      expect(missing).toEqual([]);
    }
  });
});

it('CONTRIBUTING names files that are there', () => {
  const named = [...read('CONTRIBUTING.md').matchAll(/`((?:\.github|docs|lib|sample-app|test)\/[\w./-]+)`/g)];
  expect(named.length).toBeGreaterThan(40);
  // Screenshots are made by the tests.
  expect(
    named.map(([, path]) => path!).filter((path) => path !== 'test/.screenshots' && !existsSync(at(path))),
  ).toEqual([]);
});
