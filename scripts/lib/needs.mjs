import { programKinds } from './program-kinds.mjs';
import { checkPrograms } from './programs.mjs';
import { serverKinds } from './server-kinds.mjs';
import { startServers } from './servers.mjs';
import { chooseSources } from './sources.mjs';

/**
 * Provides what the tests need besides packages: finds programs and starts servers.
 *
 * @returns {Promise<{ env: Record<string, string>, stop(): Promise<void> }>} `env` names each program and server to the
 *   tests; `stop` stops the servers, and so does the end of the process
 * @throws {CommandFailure} with the command that installs what is missing: nothing is ever skipped
 */
export async function provideNeeds() {
  const sources = await chooseSources([...programKinds, ...serverKinds]);
  const of = (kinds) => sources.filter(({ kind }) => kinds.includes(kind));
  const programs = await checkPrograms(of(programKinds));
  const servers = await startServers(of(serverKinds));
  return { env: { ...programs, ...servers.env }, stop: servers.stop };
}
