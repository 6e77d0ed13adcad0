import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { haltIfEnding, onCleanUp } from './cleanup.mjs';
import { makeDataFolder } from './data-folder.mjs';
import { startContainer } from './docker.mjs';
import { firstBytes, freePorts, waitUntil } from './network.mjs';
import { start } from './processes.mjs';
import { CommandFailure, step } from './report.mjs';

const START_TIMEOUT_MS = 60_000;

/**
 * Brings up each server from the source that `chooseSources` gave for it. `stop()` and the end of
 * the process stop what it has started.
 *
 * @param {{ durable?: boolean }} [options] `durable`: with the settings of production, which make a server slower
 * @returns {Promise<{ env: Record<string, string>, pids: Record<string, number>, stop(): Promise<void> }>} `env` has one
 *   URL for each server, `pids` the process of each program that was started, by the server's name
 * @throws {CommandFailure} with the server's last output, when one does not start
 */
export async function startServers(sources, { durable = false } = {}) {
  const folder = makeDataFolder(durable);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const running = [];
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
    removeFolder();
    forget();
  };
  const forget = onCleanUp(stop, removeFolder);

  const ports = await freePorts(sources.length);
  const started = await Promise.allSettled(
    sources.map((source, index) =>
      step(`${source.kind.name} (${source.from})`, async () => {
        const { kind } = source;
        if (source.named) await checkNamed(kind, source.named);
        else if (source.programs) running.push(await startProgram(source, folder, ports[index], durable));
        else running.push(await startContainer(kind));
      }),
    ),
  );
  const failure = started.find(({ status }) => status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const url = ({ kind, named }) => named ?? kind.url(running.find((server) => server.kind === kind).port);
  return {
    env: Object.fromEntries(sources.map((source) => [source.kind.variable, url(source)])),
    pids: Object.fromEntries(running.flatMap(({ kind, pid }) => (pid ? [[kind.name, pid]] : []))),
    stop,
  };
}

async function startProgram({ kind, programs }, parent, port, durable) {
  const folder = join(parent, kind.name.toLowerCase());
  const options = await kind.prepare(programs, folder);
  const logFile = `${folder}.log`;
  const log = openSync(logFile, 'a');
  const [file, ...args] = kind.command(programs, folder, String(port), durable);
  const server = start(file, args, { cwd: folder, stdio: ['ignore', log, log], ...options });
  closeSync(log);
  let gone = false;
  void server.exited.then(() => (gone = true));
  const ready = await waitUntil(() => kind.answers(port), {
    timeoutMs: START_TIMEOUT_MS,
    gaveUp: () => gone,
  });
  if (ready) return { kind, port, pid: server.child.pid, stop: server.stop };
  await server.stop();
  await haltIfEnding();
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  throw new CommandFailure(`${kind.name} did not start: ${file}`, lines.slice(-20).join('\n'));
}

async function checkNamed({ name, variable, docker }, value) {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url?.hostname) throw new CommandFailure(`${variable} must be a URL.`);
  const port = Number(url.port) || docker.port;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (await waitUntil(() => firstBytes(port, { host }), { timeoutMs: 5_000 })) return;
  throw new CommandFailure(
    `${variable} names ${name} at ${url.host}, where nothing answers. Start it, or unset ${variable}.`,
  );
}
