import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { minify, type MinifyOptions } from 'terser';
import { defineConfig } from 'vite';
import type { Text } from './texts/catalogue.js';

/** Of a text, which has a dot in its name; nothing else of ours is called so. */
const KEY = /'([a-z][\w-]*\.[\w.-]+)'/g;

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const TEXTS = runInNewContext(
  `(${/^export const en = (\{[^]*^\})/m.exec(readFileSync(path('./texts/en.ts'), 'utf8'))![1]!})`,
) as Readonly<Record<string, Text>>;
const KEYS = Object.keys(TEXTS);

/** All keys in one string, by what stands before their dots, and all texts in another. */
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

/** A selector may begin with a colon after a space; nothing of ours needs one after a colon. */
const withoutSpaces = (css: string): string =>
  css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s*([{};])\s*/g, '$1')
    .replace(/([:,])\s+/g, '$1')
    .replaceAll(';}', '}')
    .replace(/\s+/g, ' ');

interface Script {
  /** Of the source, and of what is built. */
  readonly name: string;
  readonly file: string;
  /** What is exported of the text of it, for the module to serve. */
  readonly text: string;
  readonly types: () => string;
}

const keyTypes = (): string =>
  readFileSync(path('./public.d.ts'), 'utf8').replace(
    'DashboardTextKey = string;',
    `DashboardTextKey =\n${KEYS.map((key) => `  | '${key}'`).join('\n')};`,
  );

const SCRIPTS: Readonly<Record<string, Script>> = {
  production: { name: 'index', file: 'element', text: 'ELEMENT_SCRIPT', types: keyTypes },
  german: {
    name: 'german',
    file: 'de',
    text: 'GERMAN_SCRIPT',
    types: () => readFileSync(path('./german.d.ts'), 'utf8').replace('./public.js', './element.mjs'),
  },
};

/** Each is one file with everything in it: the module serves it, and bundlers import it. `--mode german` builds the texts. */
export default defineConfig(({ mode }) => {
  const { name, file, text, types } = SCRIPTS[mode]!;
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
        // A thirtieth smaller than an object.
        name: 'the catalogue as two strings',
        enforce: 'pre',
        transform: {
          filter: { id: /dashboard\/element\/texts\/en\.ts$/ },
          handler: () => ({ code: packed(), map: null }),
        },
      },
      {
        // 580 of them, twice, are a fortieth of the file.
        name: 'the place of a text for its key',
        enforce: 'pre',
        transform: {
          filter: { id: /dashboard\/element\/(?!texts\/(en|de)\.).*\.ts$/ },
          handler: (code) => ({
            code: code.replace(KEY, (all, key: string) =>
              KEYS.includes(key) ? String(KEYS.indexOf(key)) : all,
            ),
            map: null,
          }),
        },
      },
      {
        // A sixtieth smaller than by Vite's own minifier alone.
        name: 'what terser leaves',
        renderChunk: async (code) => ({ code: (await minify(code, MINIFYING)).code!, map: null }),
      },
      {
        name: 'types, and the text of the script as a module',
        generateBundle(_options, bundle) {
          this.emitFile({ type: 'asset', fileName: `${file}.d.mts`, source: types() });
          const script = bundle[`${file}.mjs`];
          if (script?.type !== 'chunk') throw new Error(`${file}.mjs is missing from the bundle`);
          const source = `exports.${text} = ${JSON.stringify(script.code)};\n`;
          this.emitFile({ type: 'asset', fileName: `${file}-text.js`, source });
        },
      },
    ],
    build: {
      outDir: path('../../../dist/dashboard'),
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry: path(`./${name}.ts`), formats: ['es'], fileName: () => `${file}.mjs` },
      // Vite keeps the spaces of a library; this one is served as it is.
      rolldownOptions: {
        output: {
          minify: true,
          ...(mode === 'german' ? {} : { postBanner: NOTICE }),
        },
      },
    },
  };
});

const MINIFYING: MinifyOptions = { module: true, ecma: 2022, compress: { passes: 3 } };

const NOTICE = '/*! Lit © Google LLC, BSD-3-Clause: see THIRD-PARTY-NOTICES.md */';
