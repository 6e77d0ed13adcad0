/**
 * `npm run demo`: installs, builds and starts the sample app on this machine until Ctrl+C. Another port: PORT=3001.
 *
 * DEMO=1 opens the demo accounts, whose keys everyone knows; WEBHOOKS_ALLOW_LOCAL=1 lets webhooks go to this machine.
 */
import { buildPackage, buildSampleApp } from './lib/build.mjs';
import { exitCodeOnSignal, haltIfEnding } from './lib/cleanup.mjs';
import { install } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { isFree } from './lib/network.mjs';
import { start } from './lib/processes.mjs';
import { CommandFailure, say, step } from './lib/report.mjs';
import { root } from './lib/root.mjs';

const port = process.env.PORT || '3000';

exitCodeOnSignal(0);
await main(async () => {
  await checkPort();
  await step('packages', install);
  await step('package', buildPackage);
  await step('sample app', buildSampleApp);

  say('  Starting the sample app; Ctrl+C stops it.\n');
  const app = start(process.execPath, ['.sample-app/main.js'], {
    cwd: root,
    env: { DEMO: '1', WEBHOOKS_ALLOW_LOCAL: '1', PORT: port },
    stdio: ['ignore', 'inherit', 'inherit'],
    graceMs: 15_000,
  });
  const { code, signal } = await app.exited;
  await haltIfEnding();
  say(`The sample app stopped by itself (${signal ?? `exit code ${code}`}).`);
  return code ?? 1;
});

async function checkPort() {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new CommandFailure(`PORT must be a port number, got '${port}'.`);
  }
  if (await isFree(number)) return;
  throw new CommandFailure(
    `Port ${port} is taken. Stop what listens there, or choose another one: PORT=${number + 1} npm run demo`,
  );
}
