import { parseArgs } from 'node:util';
import { nearestName } from '../domain/nearest-name.js';

/** Prints a line for the caller. */
export type Say = (line: string) => void;

/** The description of a value, for help and completions. */
interface Described {
  readonly text: string;
  /** The allowed values. */
  readonly choices?: readonly string[];
}

export interface CommandOption extends Described {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Whether it may be repeated. */
  readonly multiple?: true;
  /** The name of its value in the help: `file`. */
  readonly value?: string;
  readonly default?: string;
}

export interface CommandArgument extends Described {
  readonly name: string;
  readonly optional?: true;
  readonly several?: true;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

type ValueOf<Option extends CommandOption> = Option extends { type: 'boolean' }
  ? boolean
  : Option extends { multiple: true }
    ? readonly string[]
    : Option extends { default: string }
      ? string
      : string | undefined;

export interface Given<Options extends CommandOptions> {
  readonly values: { readonly [Name in keyof Options]: ValueOf<Options[Name]> };
  readonly positionals: readonly string[];
}

interface Description<Options extends CommandOptions> {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Paragraphs of the command's own help, printed as they are. */
  readonly description: string;
  readonly arguments: readonly CommandArgument[];
  readonly options: Options;
}

/** A command. Help, completions and parsing all use this one description. */
export interface Command extends Description<CommandOptions> {
  /**
   * @returns the exit code: 0 for success, 1 for a finding @throws UsageError if it can't run; the exit code is then
   * 2
   */
  readonly run: (given: readonly string[], say: Say) => Promise<number>;
}

/** The command line is invalid. */
export class UsageError extends Error {}

export const command = <const Options extends CommandOptions>(
  description: Description<Options>,
  work: (given: Given<Options>, say: Say) => number | Promise<number>,
): Command => ({
  ...description,
  run: async (given, say) => work(parsed(description, given), say),
});

function parsed<Options extends CommandOptions>(
  { options, arguments: known }: Description<Options>,
  given: readonly string[],
): Given<Options> {
  const { values, positionals } = parse(options, given);
  const missing = known.find(({ optional }, index) => !optional && positionals[index] === undefined);
  if (missing) throw new UsageError(`Say which ${missing.name}.`);
  const more = known.at(-1)?.several ? undefined : positionals[known.length];
  if (more !== undefined) throw new UsageError(`${more} is one argument too many.`);
  for (const [name, option] of Object.entries<CommandOption>(options)) {
    if (option.type === 'boolean') values[name] ??= false;
    else if (option.multiple) values[name] ??= [];
    for (const value of [values[name]].flat()) checkChoice(`--${name}`, option, value);
  }
  known.forEach((argument, index) => checkChoice(argument.name, argument, positionals[index]));
  return { values: values as Given<Options>['values'], positionals };
}

function parse(options: CommandOptions, given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], allowPositionals: true, options: { ...options } });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    // Drops the second sentence, which is about arguments that begin with a hyphen.
    const [problem = message] = message.split('. ');
    const name = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && /'--([\w-]+)/.exec(message)?.[1];
    const meant = name && nearestName(name, Object.keys(options));
    throw new UsageError(`${problem}.${meant ? ` Did you mean --${meant}?` : ''}`);
  }
}

function checkChoice(what: string, { choices }: Described, value: unknown): void {
  if (!choices || value === undefined || choices.includes(value as string)) return;
  throw new UsageError(`${what} must be one of ${choices.join(', ')}, got ${String(value)}.`);
}
