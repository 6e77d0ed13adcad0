// Makes one file of the built app, as teams do that ship a single file: node bundle.mjs <bundler>
import { createRequire } from 'node:module';

const bundler = process.argv[2];
const entry = './dist/src/main.js';
const outdir = `bundles/${bundler}`;
const require = createRequire(import.meta.url);

/** Nest, TypeORM and nestjs-webhooks load some packages only where an app has installed them. */
function isInstalled(specifier) {
  try {
    return Boolean(require.resolve(specifier));
  } catch {
    return specifier.startsWith('.');
  }
}

/** For packages that find files beside themselves; ours is not one of them. */
const NODE_GLOBALS = `
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const __dirname = import.meta.dirname;
`;

async function withEsbuild(format) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [entry],
    outfile: `${outdir}/main.${format === 'esm' ? 'mjs' : 'js'}`,
    bundle: true,
    platform: 'node',
    format,
    keepNames: true,
    logLevel: 'error',
    banner: format === 'esm' ? { js: NODE_GLOBALS } : {},
    plugins: [
      {
        name: 'what is not installed',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path }) =>
            isInstalled(path) ? undefined : { path, external: true },
          ),
      },
    ],
  });
}

/** Rspack takes the configuration of webpack. */
async function withWebpack(make) {
  const compiler = make({
    mode: 'production',
    target: 'node',
    entry,
    externals: [
      ({ request }, callback) => (isInstalled(request) ? callback() : callback(null, `commonjs ${request}`)),
    ],
    // Rspack does not know the condition under which Node gives file-type, a package of Nest, to CommonJS.
    resolve: { conditionNames: ['module-sync', '...'] },
    optimization: { minimize: false },
    output: { path: `${process.cwd()}/${outdir}`, filename: 'main.js' },
  });
  await new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString('errors-only')));
      else resolve();
    });
  });
}

if (bundler === 'esbuild-cjs') await withEsbuild('cjs');
if (bundler === 'esbuild-esm') await withEsbuild('esm');
if (bundler === 'webpack') await withWebpack((await import('webpack')).default);
if (bundler === 'rspack') await withWebpack((await import('@rspack/core')).rspack);
