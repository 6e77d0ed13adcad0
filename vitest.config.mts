import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Apps of their own, which run their tests themselves. */
const APPS = 'test/package/apps/**';
/** What changes TypeORM, or registers entities of its own with @nestjs/typeorm: both hold for every later app of the process. */
const APART = [
  'e2e/sample-*',
  'e2e/typeorm-transactional',
  'browser/customer-guide',
  'browser/demo-visitor',
].map((name) => `test/${name}.spec.ts`);
/** What measures time or kills servers. */
const ALONE = ['test/load/**/*.spec.ts', 'test/chaos/**/*.spec.ts'];
/** Begun first, so that no worker is left with one of them at the end. */
const LONGEST = [
  'package/matrix',
  'integration/documented-frameworks',
  'integration/verifying-',
  'integration/query-plans',
  'package/packed',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const longest = LONGEST.flatMap((name) =>
      sorted.filter(({ moduleId }) => moduleId.includes(`/test/${name}`)),
    );
    return [...new Set([...longest, ...sorted])];
  }
}

export default defineConfig({
  resolve: {
    alias: {
      'nestjs-webhooks/receiver': source('./lib/receiver/index.ts'),
      'nestjs-webhooks/testing': source('./lib/testing/index.ts'),
      'nestjs-webhooks/transactions': source('./lib/transactions/index.ts'),
      'nestjs-webhooks/moving': source('./lib/moving/index.ts'),
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
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: [source('./test/support/as-found.ts')],
    // Each waits for servers, browsers and other processes for much of its time.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.spec.ts'],
          exclude: [APPS, ...APART, ...ALONE],
          // Its files share processes, so that Nest, TypeORM and the package are loaded once for each and not 140 times.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: APART } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          // After the others, file by file.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          // A long run has more in each scenario.
          maxConcurrency: process.env.TEST_FULL === '1' ? 3 : 5,
        },
      },
    ],
  },
});
