import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** One file with everything in it: the module serves it, and bundlers import it. */
export default defineConfig({
  root: path('.'),
  logLevel: 'warn',
  build: {
    outDir: path('../../../dist/dashboard'),
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: path('./index.ts'), formats: ['es'], fileName: () => 'element.js' },
    // Vite keeps the spaces of a library; this one is served as it is.
    rolldownOptions: { output: { minify: true } },
  },
});
