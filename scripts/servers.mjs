/** Starts the servers of the tests and keeps them until Ctrl+C, for running vitest by hand. */
import { exitCodeOnSignal } from './lib/cleanup.mjs';
import { main } from './lib/main.mjs';
import { say } from './lib/report.mjs';
import { startServers } from './lib/servers.mjs';

exitCodeOnSignal(0);
await main(async () => {
  const { env } = await startServers();
  say('\nIn another terminal, until Ctrl+C here:\n');
  for (const [name, value] of Object.entries(env)) say(`export ${name}=${value}`);
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
});
