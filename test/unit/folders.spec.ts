import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const LIB = fileURLToPath(new URL('../../lib/', import.meta.url));

/** What dispatch wants of a worker, which delivery is. */
const WORKER_PORT = 'dispatch/local-worker.ts';

/** The one way to emit, which decorated methods and mapped domain events take too. */
const SERVICE = 'webhooks.service.ts';

/** The whole of it, for commands that work on a database. */
const MODULE = 'webhooks.module.ts';

/** Which folder may import which, as in the design. `EVERYTHING` is the wiring. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  compat: [],
  config: ['domain'],
  persistence: ['domain', 'compat'],
  audit: ['domain', 'config', 'persistence'],
  dispatch: ['domain', 'compat', 'config', 'persistence'],
  delivery: ['domain', 'config', 'persistence', 'audit', WORKER_PORT],
  routes: ['domain', 'config'],
  management: ['domain', 'config', 'persistence', 'audit', 'dispatch', 'delivery'],
  operation: ['domain', 'compat', 'config', 'persistence', 'audit', 'dispatch', 'delivery', 'management'],
  api: ['domain', 'config', 'persistence', 'dispatch', 'management', 'operation', 'routes'],
  mapping: ['domain', 'config', SERVICE],
  reference: [],
  guide: ['domain', 'config', 'routes', 'api', 'reference'],
  documents: ['domain', 'compat', 'config', 'management', 'operation', 'routes', 'api', 'reference'],
  catalogue: ['domain', 'config', 'reference'],
  cli: [
    'domain',
    'config',
    'persistence',
    'operation',
    'reference',
    'catalogue',
    'guide',
    'receiver',
    'testing',
    MODULE,
    SERVICE,
  ],
  dashboard: ['config', 'routes'],
  // Runs in a browser: types alone, which are gone once it is bundled; but for the reference.
  'dashboard/element': ['api', 'config', 'domain', 'guide', 'management', 'operation', 'reference'],
  receiver: ['domain'],
  transactions: ['domain', 'config'],
  moving: ['domain', SERVICE],
  testing: [
    'domain',
    'config',
    'catalogue',
    'persistence',
    'dispatch',
    'management',
    'mapping',
    'receiver',
    SERVICE,
  ],
};

const ELEMENT = 'dashboard/element';

/** Files at the top of `lib`: module, parts, service, worker and index. */
const WIRING = '.';

interface Import {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(LIB, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ file, specifier, line, typeOnly: isTypeOnly(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Of `import`, `export … from`, `import()` and `import('…')` in a type. */
function specifierOf(node: ts.Node): string | undefined {
  const argument =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : undefined;
  return argument && ts.isStringLiteral(argument) ? argument.text : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  }
  return ts.isImportTypeNode(node) || (ts.isExportDeclaration(node) && node.isTypeOnly);
}

function folderOf(file: string): string {
  if (file.startsWith(`${ELEMENT}/`)) return ELEMENT;
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : WIRING;
}

const isOurs = ({ specifier }: Import): boolean => specifier.startsWith('.');

const targetOf = ({ file, specifier }: Import): string =>
  relative(LIB, resolve(LIB, dirname(file), specifier.replace(/\.js$/, '.ts'))).replaceAll('\\', '/');

const told = (one: Import): string => `lib/${one.file}:${one.line} imports ${one.specifier}`;

const packageOf = (specifier: string): string => /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)![0];

describe('The folders of lib', () => {
  it('are all in the table', () => {
    const folders = new Set(files.map(folderOf).filter((folder) => folder !== WIRING));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))('%s imports of ours only itself and [%s]', (folder, allowed) => {
    const wrong = imports.filter((one) => {
      const target = targetOf(one);
      if (folderOf(one.file) !== folder || !isOurs(one)) return false;
      return ![folder, ...allowed].some((name) => name === target || name === folderOf(target));
    });
    expect(wrong.map(told)).toEqual([]);
  });

  it('have domain free of every package: it uses Node alone', () => {
    const wrong = imports.filter(
      (one) => folderOf(one.file) === 'domain' && !isOurs(one) && !isBuiltin(one.specifier),
    );
    expect(wrong.map(told)).toEqual([]);
  });

  it('have the receiver free of every package, so that it runs without Nest', () => {
    const wrong = imports.filter(
      (one) => folderOf(one.file) === 'receiver' && !isOurs(one) && !isBuiltin(one.specifier),
    );
    expect(wrong.map(told)).toEqual([]);
  });

  it.each(['bull', 'bullmq'])(
    'name %s in its folder, and what that takes of compat, alone, so that an app without it need not install it',
    (library) => {
      const ofIt = (file: string): boolean =>
        file.startsWith(`dispatch/${library}/`) || file === `compat/${library}.ts`;
      const wrong = imports.filter((one) => {
        const isNamed =
          [library, `@nestjs/${library}`].includes(packageOf(one.specifier)) ||
          (isOurs(one) && ofIt(targetOf(one)) && one.file !== 'webhooks.parts.ts');
        return isNamed && !ofIt(one.file);
      });
      expect(wrong.map(told)).toEqual([]);
    },
  );

  it('have an element that takes types of the routes and no code, so that none of theirs is sent to a browser', () => {
    const wrong = imports.filter(
      (one) =>
        folderOf(one.file) === ELEMENT &&
        isOurs(one) &&
        ![ELEMENT, 'reference'].includes(folderOf(targetOf(one))) &&
        !one.typeOnly,
    );
    expect(wrong.map(told)).toEqual([]);
  });

  it('import no package that package.json does not promise', () => {
    // BullMQ is named in the last alone: with a range, npm holds the peers of BullMQ against those of an app that does not have it.
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(LIB, '../package.json'), 'utf8'),
    ) as Record<'dependencies' | 'peerDependencies' | 'peerDependenciesMeta', Record<string, unknown>>;
    const promised = { ...dependencies, ...peerDependencies, ...peerDependenciesMeta };
    const wrong = imports.filter(
      (one) =>
        // Bundled, with what it imports.
        folderOf(one.file) !== ELEMENT &&
        !isOurs(one) &&
        !isBuiltin(one.specifier) &&
        !(packageOf(one.specifier) in promised),
    );
    expect(wrong.map(told)).toEqual([]);
  });

  it('import files by the names that they have', () => {
    const wrong = imports.filter(
      (one) =>
        isOurs(one) &&
        !files.includes(targetOf(one)) &&
        !files.includes(targetOf(one).replace(/\.ts$/, '.d.ts')) &&
        !one.specifier.endsWith('.json'),
    );
    expect(wrong.map(told)).toEqual([]);
  });
});

describe('The files of one event, in docs/explanation/architecture.md', () => {
  const page = readFileSync(join(LIB, '../docs/explanation/architecture.md'), 'utf8');
  const [, list = ''] = page.split('## The files of one event');
  const named = [...list.matchAll(/^\| \[`([^`]+)`\]\((\S+)\)/gm)].map(([, file, link]) => ({ file, link }));

  it('are there, and no more than 25', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named.length).toBeLessThanOrEqual(25);
    for (const { file, link } of named) {
      expect(files).toContain(file);
      expect(link).toMatch(new RegExp(`/lib/${file}$`));
    }
  });
});
