/**
 * `npm run bench`: measures the package against a plain implementation and against bare HTTP, on servers that it starts
 * with durable commits. `npm run bench -- throughput latency`: only those sections. Flags: see test/bench/options.ts.
 */
import { buildBench, buildPackage } from './lib/build.mjs';
import { haltIfEnding } from './lib/cleanup.mjs';
import { install } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { start } from './lib/processes.mjs';
import { step } from './lib/report.mjs';
import { root } from './lib/root.mjs';
import { serverKinds } from './lib/server-kinds.mjs';
import { startServers } from './lib/servers.mjs';
import { chooseSources } from './lib/sources.mjs';

/** All sections but `throughput` measure on PostgreSQL alone. */
const ALWAYS = ['Redis', 'PostgreSQL'];

await main(async () => {
  await step('packages', install);
  await step('package', buildPackage);
  await step('bench', buildBench);
  const args = process.argv.slice(2);
  const names = wantsMariaDb(args) ? [...ALWAYS, 'MariaDB'] : ALWAYS;
  const sources = await chooseSources(serverKinds.filter(({ name }) => names.includes(name)));
  const servers = await startServers(sources, { durable: true });
  const bench = start(process.execPath, ['--enable-source-maps', '.bench/bench/main.js', ...args], {
    cwd: root,
    env: { ...servers.env, BENCH_SERVER_PIDS: JSON.stringify(servers.pids) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { code } = await bench.exited;
  await haltIfEnding();
  await servers.stop();
  return code ?? 1;
});

function wantsMariaDb(args) {
  const at = args.indexOf('--databases');
  return at < 0 || args[at + 1]?.split(',').includes('mysql');
}
