import type { Command, CommandArgument, CommandOption } from './command.js';

export type Commands = Readonly<Record<string, Command>>;

const PROGRAM = 'nestjs-webhooks';

export const programHelp = (commands: Commands): string => `Usage: ${PROGRAM} <command>

Commands:
${columns(Object.entries(commands).map(([name, { summary }]) => [name, summary]))}

${PROGRAM} <command> --help tells more. ${EXIT_CODES}
`;

export function commandHelp(name: string, command: Command): string {
  const usage = ['Usage:', PROGRAM, name, ...command.arguments.map(shownArgument), '[options]'];
  const rows = [
    ...command.arguments.map((argument): Row => [shownArgument(argument), textOf(argument)]),
    ...Object.entries(command.options).map(([option, given]): Row => [
      shownOption(option, given),
      textOf(given),
    ]),
    ['-h, --help', 'This text'] as const,
  ];
  return `${usage.join(' ')}

${command.description.trim()}

${columns(rows)}

${EXIT_CODES}
`;
}

const EXIT_CODES = 'Exit code: 0 all is well, 1 something is wrong, 2 it could not be told.';

type Row = readonly [name: string, text: string];

/** The text of a name that is too long starts on the next line. */
const WIDTH = 26;

const columns = (rows: readonly Row[]): string =>
  rows
    .map(([name, text]) => {
      const [first, ...more] = text.split('\n').flatMap((line) => wrapped(line, 100 - WIDTH));
      const gap = name.length + 4 > WIDTH ? `\n${' '.repeat(WIDTH)}` : ' '.repeat(WIDTH - name.length - 2);
      return [`  ${name}${gap}${first}`, ...more.map((line) => ' '.repeat(WIDTH) + line)].join('\n');
    })
    .join('\n');

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

const textOf = ({ text, choices, ...rest }: CommandArgument | CommandOption): string =>
  [
    text,
    ...(choices ? [`One of: ${choices.join(', ')}`] : []),
    ...('default' in rest && rest.default !== undefined ? [`Default: ${rest.default}`] : []),
    ...('multiple' in rest && rest.multiple ? ['May be given several times'] : []),
  ].join('. ');

function shownArgument({ name, optional, several }: CommandArgument): string {
  const shown = several ? `<${name}…>` : `<${name}>`;
  return optional ? `[${shown.slice(1, -1)}]` : shown;
}

const shownOption = (name: string, { short, type, value = 'value' }: CommandOption): string =>
  `${short ? `-${short}, ` : ''}--${name}${type === 'string' ? ` <${value}>` : ''}`;
