import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { minify, type MinifyOptions } from 'terser';
import { defineConfig } from 'vite';
import type { Text } from './texts/catalogue.js';

/** The key of a text. Keys contain a dot, unlike all other quoted strings in our code. */
const KEY = /'([a-z][\w-]*\.[\w.-]+)'/g;

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const textsIn = (file: string): Readonly<Record<string, Text>> =>
  runInNewContext(
    `(${/^export const \w+ = (\{[^]*^\})/m.exec(readFileSync(path(`./texts/${file}`), 'utf8'))![1]!})`,
  ) as Record<string, Text>;

const TEXTS = textsIn('en.ts');
const KEYS = Object.keys(TEXTS);
/** The keys of texts in scripts that load later. */
const LATER_KEYS = readdirSync(path('./texts'))
  .filter((file) => file.endsWith('.en.ts') && !file.startsWith('operator.'))
  .flatMap((file) => Object.keys(textsIn(file)));

/** Packs all keys into one string, by their prefixes, and all texts into another. */
function packed(): string {
  const groups: string[][] = [];
  for (const key of KEYS) {
    const [start, ...rest] = key.split('.');
    const [group, name] = rest.length > 0 ? [start!, rest.join('.')] : ['', key];
    const last = groups.at(-1);
    if (last?.[0] === group) last.push(name);
    else groups.push([group, name]);
  }
  const forms = Object.values(TEXTS).map((text) =>
    typeof text === 'string' ? [text] : [text.one!, text.other],
  );
  if (/[~^]/.test(forms.flat().join(''))) throw new Error('A text has a ~ or a ^, which separate the texts');
  const texts = forms.map((some) => some.join('^')).join('~');
  return `const texts = ${JSON.stringify(texts)}.split('~');
    const keys = ${JSON.stringify(groups.map((group) => group.join(' ')).join('~'))}.split('~').flatMap((group) => {
      const [start, ...names] = group.split(' ');
      return names.map((name) => start ? start + '.' + name : name);
    });
    export const en = Object.fromEntries(keys.map((key, index) => {
      const [one, other] = texts[index].split('^');
      return [key, other ? { one, other } : one];
    }));`;
}

/**
 * A space before a colon is kept, because a selector may begin with the colon. A space after a colon is not
 * needed.
 */
const withoutSpaces = (css: string): string =>
  css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s*([{};])\s*/g, '$1')
    .replace(/([:,])\s+/g, '$1')
    .replaceAll(';}', '}')
    .replace(/\s+/g, ' ');

interface Script {
  /** The name of the source file. */
  readonly name: string;
  readonly file: string;
  readonly types: () => string;
}

const keyTypes = (): string =>
  readFileSync(path('./public.d.ts'), 'utf8').replace(
    'DashboardTextKey = string;',
    `DashboardTextKey =\n${[...KEYS, ...LATER_KEYS].map((key) => `  | '${key}'`).join('\n')};`,
  );

const ELEMENT = 'element.mjs';
const SCRIPTS: Readonly<Record<string, Script>> = {
  production: { name: 'index', file: 'element', types: keyTypes },
  german: {
    name: 'german',
    file: 'de',
    types: () => readFileSync(path('./german.d.ts'), 'utf8').replace('./public.js', './element.mjs'),
  },
  operator: {
    name: 'operator/index',
    file: 'operator',
    types: () =>
      readFileSync(path('./operator/public.d.ts'), 'utf8').replace('../public.js', './element.mjs'),
  },
};

/** Parses `a as b` in an import or an export. */
const pairsIn = (list: string): [string, string][] =>
  list.split(',').map((one) => [one.split(' as ')[0]!, one.split(' as ').at(-1)!]);

/**
 * Returns the scripts by the names under which the module serves them. Scripts that the element imports later
 * have a hash of all scripts in their names, so that they never meet parts of another version after an update
 * of the app. They import what they share with the element from the page. So no second copy of the element
 * runs, even if the page loaded it from a URL with a query.
 */
function servedScripts(codes: ReadonlyMap<string, string>): Record<string, string> {
  const hash = createHash('sha256')
    .update([...codes.values()].join(''))
    .digest('base64url')
    .slice(0, 8);
  const shared = `globalThis[Symbol.for("nestjs-webhooks/dashboard/${hash}")]`;
  const later = codes.has(ELEMENT) ? [...codes.keys()].filter((file) => file !== ELEMENT) : [];
  const nameOf = (file: string): string => file.replace('.mjs', later.includes(file) ? `-${hash}.js` : '.js');
  const served = (code: string, file: string): string => {
    const sharing =
      file === ELEMENT
        ? code.replace(/export\{([^}]*)\};?\s*$/, (_, list: string) => {
            const [own] = pairsIn(list).filter(([, name]) => name === 'WebhooksDashboard');
            const others = pairsIn(list).filter((one) => one[1] !== own![1]);
            const object = others.map(([local, name]) => `${name}:${local}`).join();
            return `${shared}??={${object}};export{${own!.join(' as ')}};`;
          })
        : code.replace(/import\{([^}]*)\}from"\.\/element\.mjs";/, (_, list: string) => {
            const object = pairsIn(list).map(([name, local]) => `${name}:${local}`);
            return `const{${object.join()}}=${shared};`;
          });
    return later.reduce((text, one) => text.replaceAll(`./${one}`, `./${nameOf(one)}`), sharing);
  };
  return Object.fromEntries([...codes].map(([file, code]) => [nameOf(file), served(code, file)]));
}

/**
 * Builds the files that the module serves and bundlers import: the element, and the scripts that it imports
 * later. `--mode german` builds the texts and `--mode operator` the operators' element, each in one file.
 */
export default defineConfig(({ mode }) => {
  const { name, file, types } = SCRIPTS[mode]!;
  return {
    root: path('.'),
    logLevel: 'warn',
    plugins: [
      {
        name: 'no indentation in templates',
        enforce: 'pre',
        transform: {
          filter: { id: /dashboard\/element\/.*\.ts$/ },
          handler: (code) => ({ code: code.replace(/\n[ \t]+/g, '\n'), map: null }),
        },
      },
      {
        name: 'no spaces in style sheets',
        enforce: 'pre',
        transform: {
          filter: { id: /dashboard\/element\/styles\/.*\.ts$/ },
          handler: (code) => ({ code: code.replace(/css`[^`]*`/g, withoutSpaces), map: null }),
        },
      },
      {
        // This makes the file 3% smaller than an object would.
        name: 'the catalogue as two strings',
        enforce: 'pre',
        transform: {
          filter: { id: /dashboard\/element\/texts\/en\.ts$/ },
          handler: () => ({ code: packed(), map: null }),
        },
      },
      {
        // 580 keys, each used twice, take 2.5% of the file.
        name: 'the place of a text for its key',
        enforce: 'pre',
        transform: {
          filter: { id: /dashboard\/element\/(?!texts\/([a-z]+\.)?(en|de)\.).*\.ts$/ },
          handler: (code) => ({
            code: code.replace(KEY, (all, key: string) =>
              KEYS.includes(key) ? String(KEYS.indexOf(key)) : all,
            ),
            map: null,
          }),
        },
      },
      {
        // terser makes the file 1.7% smaller than Vite's own minifier alone.
        name: 'what terser leaves',
        renderChunk: async (code) => ({ code: (await minify(code, MINIFYING)).code!, map: null }),
      },
      {
        name: 'types, and the texts of the scripts as a module',
        generateBundle(_options, bundle) {
          this.emitFile({ type: 'asset', fileName: `${file}.d.mts`, source: types() });
          const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
          const codes = new Map(chunks.map(({ fileName, code }) => [fileName, code]));
          const scripts = servedScripts(codes);
          const source = `exports.SCRIPTS = ${JSON.stringify(scripts)};\n`;
          this.emitFile({ type: 'asset', fileName: `${file}-text.js`, source });
        },
      },
    ],
    build: {
      outDir: path('../../../dist/dashboard'),
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry: path(`./${name}.ts`), formats: ['es'], fileName: () => `${file}.mjs` },
      // Vite keeps the spaces of a library, because apps usually minify it. We serve this one as it is.
      rolldownOptions: {
        // Code that both scripts need stays in the element, which exports it.
        preserveEntrySignatures: 'allow-extension',
        output: {
          minify: true,
          chunkFileNames: '[name].mjs',
          ...(mode === 'german' ? {} : { postBanner: NOTICE }),
        },
      },
    },
  };
});

const MINIFYING: MinifyOptions = { module: true, ecma: 2022, compress: { passes: 3 } };

const NOTICE = '/*! Lit © Google LLC, BSD-3-Clause: see THIRD-PARTY-NOTICES.md */';
