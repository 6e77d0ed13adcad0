import { spawnSync } from 'node:child_process';
import { haltIfEnding, onCleanUp } from './cleanup.mjs';
import { find } from './find.mjs';
import { waitUntil } from './network.mjs';
import { run } from './processes.mjs';
import { CommandFailure } from './report.mjs';

const START_TIMEOUT_MS = 60_000;

/** Whether there is a Docker client and its daemon responds. */
export async function containersWork() {
  if (!find('docker')) return false;
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}']);
    return true;
  } catch {
    return false;
  }
}

/** Starts a container whose port is published on 127.0.0.1 only, and waits until the server in it answers. */
export async function startContainer(kind) {
  const { image, port: innerPort, env } = kind.docker;
  const name = `nestjs-webhooks-${kind.name.toLowerCase()}-${process.pid}`;
  const remove = () => spawnSync('docker', ['rm', '--force', '--volumes', name]);
  // Registered before it runs: an interrupted `docker run` can leave the container behind.
  const forget = onCleanUp(async () => remove(), remove);
  const stop = async () => {
    remove();
    forget();
  };

  const flags = ['--detach', '--rm', '--name', name, '--publish', `127.0.0.1::${innerPort}`];
  for (const variable of env) flags.push('--env', variable);
  await run('docker', ['run', ...flags, image]);
  const published = await run('docker', ['port', name, `${innerPort}/tcp`]);
  const port = Number(/:(\d+)\s*$/m.exec(published)?.[1]);
  const ready = await waitUntil(() => kind.answers(port), { timeoutMs: START_TIMEOUT_MS });
  await haltIfEnding();
  if (ready) return { kind, port, stop };
  const logs = await run('docker', ['logs', '--tail', '20', name]).catch(() => '');
  await stop();
  throw new CommandFailure(`${kind.name} did not start in a container of ${image}`, logs);
}
