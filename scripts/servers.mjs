/** Starts the servers of the tests, finds their browser, and keeps all until Ctrl+C, for running vitest by hand. */
import { exitCodeOnSignal } from './lib/cleanup.mjs';
import { main } from './lib/main.mjs';
import { provideNeeds } from './lib/needs.mjs';
import { say } from './lib/report.mjs';

exitCodeOnSignal(0);
await main(async () => {
  const { env } = await provideNeeds();
  say('\nIn another terminal, until Ctrl+C here:\n');
  for (const [name, value] of Object.entries(env)) say(`export ${name}=${quoted(value)}`);
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
});

/** Quotes a value for a shell: browsers on macOS have a space in their path. */
function quoted(value) {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
