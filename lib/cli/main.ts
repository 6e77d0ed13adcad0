#!/usr/bin/env node
import 'reflect-metadata';
import { WebhooksError } from '../domain/webhooks.error.js';
import { checkCatalogue, CHECK_CATALOGUE_HELP } from './check-catalogue.js';
import { UsageError, type Command } from './command.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  'check-catalogue': { run: checkCatalogue, help: CHECK_CATALOGUE_HELP },
};

const HELP = `Usage: nestjs-webhooks <command>

Commands:
  check-catalogue   Tell what in the catalogue of event types would break customers

nestjs-webhooks <command> --help tells more.
`;

/** @returns the exit code: 0 where all is well, 1 where a check found something, 2 where it could not run */
async function main([name, ...given]: readonly string[]): Promise<number> {
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    const asked = name === undefined || name === '--help';
    (asked ? process.stdout : process.stderr).write(asked ? HELP : `There is no command ${name}.\n\n${HELP}`);
    return name === '--help' ? 0 : 2;
  }
  if (given.includes('--help')) {
    process.stdout.write(command.help);
    return 0;
  }
  try {
    return await command.run(given, (line) => process.stdout.write(`${line}\n`));
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof WebhooksError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
