#!/usr/bin/env node
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

const asksForHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

async function main([name, ...given]: readonly string[]): Promise<number> {
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
    return await command.run(given, (line) => process.stdout.write(`${line}\n`));
  } catch (error) {
    if (error instanceof UsageError)
      return refuse(`${error.message}\nnestjs-webhooks ${name} --help tells how it is used.\n`);
    if (error instanceof WebhooksError) return refuse(`${error.message}\n`);
    throw error;
  }
}

function answer(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(text: string): number {
  process.stderr.write(text);
  return 2;
}

// The reader of a pipe, such as `head`, closed it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
void main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 2;
  },
);
