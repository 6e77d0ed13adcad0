import { containersWork } from './docker.mjs';
import { find } from './find.mjs';
import { run } from './processes.mjs';
import { CommandFailure, say, step } from './report.mjs';
import { canUnpack } from './unpack.mjs';

/**
 * Decides where each server and program comes from. In order of preference: one that the environment names
 * (`named`), programs on this machine (`programs`), programs that apt installs (as root) or that are
 * unpacked, and a container, for the kinds that have an image.
 * @throws {CommandFailure} with the command that installs what is missing: nothing is ever skipped
 */
export async function chooseSources(kinds) {
  let missing = kinds.filter((kind) => !local(kind));
  if (missing.some(byApt) && canInstall()) await installWithApt(missing.filter(byApt));
  const secondBest = kinds.filter((kind) => local(kind)?.programs && kind.isSecondBest?.(kind.find()));
  if (secondBest.length > 0 && canInstall()) await installBetter(secondBest);
  if (canUnpack()) for (const kind of missing) await kind.unpack?.().catch(tellFailure);
  missing = missing.filter((kind) => !local(kind));
  if (missing.some(inImage) && (await containersWork())) missing = missing.filter((kind) => !inImage(kind));
  if (missing.length > 0) throw unavailable(missing);
  return kinds.map((kind) => local(kind) ?? { kind, from: `container of ${kind.docker.image}` });
}

const inImage = (kind) => kind.docker !== undefined;
const byApt = (kind) => kind.apt !== undefined;

function local(kind) {
  const named = process.env[kind.variable];
  if (named) return { kind, named, from: kind.variable };
  const programs = kind.find();
  return programs && { kind, programs, from: programs.main };
}

function canInstall() {
  return process.getuid?.() === 0 && find('apt-get') !== undefined;
}

/** Reports a failure but does not throw it, since Docker may still provide the servers. */
function tellFailure(error) {
  if (!(error instanceof CommandFailure)) throw error;
}

const QUIET = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };

async function installWithApt(missing) {
  const packages = missing.map((kind) => kind.apt);
  const apt = (...args) => run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env: QUIET });
  const get = (...names) => apt('install', '-y', '--no-install-recommends', ...names);
  say(`  Installing ${packages.join(', ')} with apt…`);
  await step('apt-get install', async () => {
    // One unreachable repository must not stop the others.
    await apt('update').catch(() => {});
    await get(...packages).catch(async (error) => {
      // Ubuntu has no package of the browser, but the servers are still needed.
      for (const name of packages) await get(name).catch(() => {});
      throw error;
    });
  }).catch(tellFailure);
}

/** Tries outdated package lists first. The timeouts keep the wait short if there is no network. */
async function installBetter(kinds) {
  const packages = kinds.map((kind) => kind.apt);
  const options = ['DPkg::Lock::Timeout=60', 'Acquire::http::Timeout=15', 'Acquire::Retries=0'];
  const apt = (...args) =>
    run('apt-get', [...options.flatMap((option) => ['-o', option]), ...args], { env: QUIET });
  const get = () => apt('install', '-y', '--no-install-recommends', ...packages);
  const install = () => get().catch(() => apt('update').then(get));
  await step(packages.join(', '), () =>
    install().then(
      () => 'installed',
      () => 'not to be had',
    ),
  );
}

function unavailable(missing) {
  const servers = missing.filter(inImage);
  const programs = missing.filter((kind) => !inImage(kind));
  const noDocker = servers.length > 0 ? ', and there is no running Docker to take servers from' : '';
  const ways = [];
  if (servers.length > 0) {
    const urls = servers.map((kind) => `${kind.variable}=${kind.url(kind.docker.port)}`);
    ways.push(`start Docker, or name servers whose data may be lost: ${urls.join(' ')}`);
  }
  for (const { name, variable, example } of programs) {
    ways.push(`for ${name}, name a program that you have: ${variable}=${example}`);
  }
  const names = missing.map((kind) => kind.name).join(' and ');
  const command = installCommand(missing);
  // MySQL's package conflicts with MariaDB's.
  const advice = command ? [`Get what is missing with\n\n    ${command}\n`, ...ways] : ways;
  return new CommandFailure(`${names}: not on this machine${noDocker}.\n${advice.join('\nor ')}`);
}

function installCommand(missing) {
  const packages = (manager) => missing.flatMap((kind) => kind[manager] ?? []);
  const install = (command, names) => (names.length > 0 ? [`${command} ${names.join(' ')}`] : []);
  if (process.platform === 'darwin') {
    const formulae = install('brew install', packages('brew'));
    return [...formulae, ...install('brew install --cask', packages('cask'))].join(' && ');
  }
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return install(`${sudo}apt-get install -y --no-install-recommends`, packages('apt')).join('');
}
