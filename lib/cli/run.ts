import { PACKAGE_VERSION } from '../config/package-version.js';
import { nearestName } from '../domain/nearest-name.js';
import { WebhooksError } from '../domain/webhooks.error.js';
import { checkCatalogue } from './check-catalogue.js';
import { UsageError } from './command.js';
import { completionsCommand } from './completions.js';
import { guide } from './guide.js';
import { commandHelp, programHelp, type Commands } from './help.js';
import { migrate } from './migrate.js';
import { receive } from './receive.js';
import { resend } from './resend.js';
import { status } from './status.js';
import { verify } from './verify.js';

const COMMANDS: Commands = {
  receive,
  verify,
  status,
  resend,
  migrate,
  guide,
  'check-catalogue': checkCatalogue,
  completions: completionsCommand(() => COMMANDS),
};

/** Where a command writes: the standard output and the standard error of a process. */
export interface CommandOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const asksForHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

/** Runs the command with these arguments, the first of which is its name. Gives the exit code: 2 for a wrong use. */
export async function run([name, ...given]: readonly string[], { out, err }: CommandOutput): Promise<number> {
  const answer = (text: string): number => (out(text), 0);
  const refuse = (text: string): number => (err(text), 2);
  if (name === '--version') return answer(`${PACKAGE_VERSION}\n`);
  if (asksForHelp(name)) return answer(programHelp(COMMANDS));
  if (name === undefined) return refuse(programHelp(COMMANDS));
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const meant = nearestName(name, Object.keys(COMMANDS));
    return refuse(
      `There is no command ${name}.${meant ? ` Did you mean ${meant}?` : ''}\n\n${programHelp(COMMANDS)}`,
    );
  }
  const end = given.indexOf('--');
  if (given.slice(0, end < 0 ? undefined : end).some(asksForHelp)) return answer(commandHelp(name, command));
  try {
    return await command.run(given, (line) => out(`${line}\n`));
  } catch (error) {
    if (error instanceof UsageError)
      return refuse(`${error.message}\nnestjs-webhooks ${name} --help tells how it is used.\n`);
    if (error instanceof WebhooksError) return refuse(`${error.message}\n`);
    throw error;
  }
}
