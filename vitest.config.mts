import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      'nestjs-webhooks/receiver': source('./lib/receiver/index.ts'),
      'nestjs-webhooks/testing': source('./lib/testing/index.ts'),
      'nestjs-webhooks': source('./lib/index.ts'),
    },
  },
  // oxc reads decorator options from a tsconfig only for the files that it includes.
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  test: {
    include: ['test/**/*.spec.ts'],
    // Apps of their own, which run their tests themselves.
    exclude: ['test/package/apps/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By default one processor is left free: half of a small machine.
    maxWorkers: availableParallelism(),
  },
});
