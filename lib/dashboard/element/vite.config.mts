import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** One file with everything in it: the module serves it, and bundlers import it. */
export default defineConfig({
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
      name: 'types of the element, and its text as a module',
      generateBundle(_options, bundle) {
        const types = readFileSync(path('./public.d.ts'));
        this.emitFile({ type: 'asset', fileName: 'element.d.mts', source: types });
        const script = bundle['element.mjs'];
        if (script?.type !== 'chunk') throw new Error('element.mjs is missing from the bundle');
        const text = `exports.ELEMENT_SCRIPT = ${JSON.stringify(script.code)};\n`;
        this.emitFile({ type: 'asset', fileName: 'element-text.js', source: text });
      },
    },
  ],
  build: {
    outDir: path('../../../dist/dashboard'),
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: path('./index.ts'), formats: ['es'], fileName: () => 'element.mjs' },
    // Vite keeps the spaces of a library; this one is served as it is.
    rolldownOptions: {
      output: {
        minify: true,
        postBanner:
          '/*! Lit © Google LLC, BSD-3-Clause; D3 © Mike Bostock, ISC: see THIRD-PARTY-NOTICES.md */',
      },
    },
  },
});
