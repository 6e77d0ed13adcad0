import { containersWork } from './docker.mjs';
import { find } from './find.mjs';
import { run } from './processes.mjs';
import { CommandFailure, say, step } from './report.mjs';

/**
 * Decides where each server comes from: one that the environment names (`url`), else programs on this machine, else
 * programs that apt installs (as root), else a container.
 *
 * @throws {CommandFailure} with the command that gets what is missing: a server is never skipped
 */
export async function chooseSources(kinds) {
  let missing = kinds.filter((kind) => !local(kind));
  if (missing.length > 0 && canInstall()) {
    await installWithApt(missing);
    missing = missing.filter((kind) => !local(kind));
  }
  if (missing.length > 0 && !(await containersWork())) throw unavailable(missing);
  return kinds.map((kind) => local(kind) ?? { kind, from: `container of ${kind.docker.image}` });
}

function local(kind) {
  const url = process.env[kind.variable];
  if (url) return { kind, url, from: kind.variable };
  const programs = kind.find();
  return programs && { kind, programs, from: programs.server };
}

function canInstall() {
  return process.getuid?.() === 0 && find('apt-get') !== undefined;
}

/** A failure is told and not thrown: Docker may still have the server. */
async function installWithApt(missing) {
  const packages = missing.map((kind) => kind.apt);
  const env = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
  const apt = (...args) => run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env });
  say(`  Installing ${packages.join(', ')} with apt…`);
  try {
    await step('apt-get install', async () => {
      // One unreachable repository of many must not stop the rest.
      await apt('update').catch(() => {});
      await apt('install', '-y', '--no-install-recommends', ...packages);
    });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
  }
}

function unavailable(missing) {
  const command =
    process.platform === 'darwin'
      ? `brew install ${missing.map((kind) => kind.brew).join(' ')}`
      : `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install -y --no-install-recommends ${missing.map((kind) => kind.apt).join(' ')}`;
  const names = missing.map((kind) => kind.name).join(' and ');
  const variables = missing.map((kind) => `${kind.variable}=${kind.url(kind.docker.port)}`).join(' ');
  return new CommandFailure(
    `${names}: not on this machine, and there is no running Docker to take it from. Get it with\n\n` +
      `    ${command}\n\n` +
      `or start Docker, or name a server whose data may be lost: ${variables}`,
  );
}
