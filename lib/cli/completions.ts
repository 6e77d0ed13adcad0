import { command, type Command } from './command.js';
import type { Commands } from './help.js';

type Script = (commands: Commands) => string;

/** Options and their allowed values. An option without any completes files. */
const optionsOf = ({ options }: Command): readonly string[] => [
  ...Object.keys(options).map((name) => `--${name}`),
  '--help',
];

const bash: Script = (commands) => {
  const values = Object.entries(commands).flatMap(([name, { options }]) =>
    Object.entries(options).flatMap(([option, { choices }]) =>
      choices ? [`    '${name} --${option}') words='${choices.join(' ')}' ;;`] : [],
    ),
  );
  const own = Object.entries(commands).map(([name, one]) => {
    const choices = one.arguments.flatMap((argument) => argument.choices ?? []);
    return `    ${name}) if [[ $current == -* ]]; then words='${optionsOf(one).join(' ')}'; else words='${choices.join(' ')}'; fi ;;`;
  });
  return `# bash: source <(nestjs-webhooks completions bash)
_nestjs_webhooks() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${Object.keys(commands).join(' ')} --help --version' -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${values.join('\n')}
    *) case "\${COMP_WORDS[1]}" in
${own.join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _nestjs_webhooks nestjs-webhooks
`;
};

const zsh: Script = (commands) => {
  const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(/[[\]:\\]/g, '\\$&');
  const list = Object.entries(commands).map(([name, { summary }]) => `    '${name}:${quoted(summary)}'`);
  const own = Object.entries(commands).map(([name, one]) => {
    const options = Object.entries(one.options).map(([option, { text, type, multiple, choices }]) => {
      const value = type === 'boolean' ? '' : `:value:${choices ? `(${choices.join(' ')})` : '_files'}`;
      return `'${multiple ? '*' : ''}--${option}[${quoted(text)}]${value}'`;
    });
    const given = one.arguments.map(
      ({ name: argument, choices }) => `'*:${argument}:${choices ? `(${choices.join(' ')})` : '_files'}'`,
    );
    return `    ${name}) _arguments ${[...options, "'--help[This text]'", ...given].join(' ')} ;;`;
  });
  return `#compdef nestjs-webhooks
# zsh: source <(nestjs-webhooks completions zsh), after compinit
_nestjs_webhooks() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${own.join('\n')}
  esac
}
compdef _nestjs_webhooks nestjs-webhooks
`;
};

const fish: Script = (commands) => {
  const quoted = (text: string): string => text.replaceAll(/['\\]/g, '\\$&');
  const lines = Object.entries(commands).flatMap(([name, one]) => [
    `complete -c nestjs-webhooks -f -n __fish_use_subcommand -a ${name} -d '${quoted(one.summary)}'`,
    ...Object.entries(one.options).map(([option, { text, type, choices }]) => {
      const value = type === 'boolean' ? '' : choices ? ` -x -a '${choices.join(' ')}'` : ' -r';
      return `complete -c nestjs-webhooks -n '__fish_seen_subcommand_from ${name}' -l ${option}${value} -d '${quoted(text)}'`;
    }),
    ...one.arguments.flatMap(({ choices }) =>
      choices
        ? [
            `complete -c nestjs-webhooks -f -n '__fish_seen_subcommand_from ${name}' -a '${choices.join(' ')}'`,
          ]
        : [],
    ),
  ]);
  return `# fish: nestjs-webhooks completions fish | source\n${lines.join('\n')}\n`;
};

const SCRIPTS: Readonly<Record<string, Script>> = { bash, zsh, fish };

/** @param commands all commands, including this one */
export const completionsCommand = (commands: () => Commands): Command =>
  command(
    {
      summary: 'Print the script that completes these commands in a shell',
      description: `Prints a script for the shell. It knows every command, option and fixed value.

  bash: source <(nestjs-webhooks completions bash)       in ~/.bashrc
  zsh:  source <(nestjs-webhooks completions zsh)        in ~/.zshrc, after compinit
  fish: nestjs-webhooks completions fish | source        in ~/.config/fish/config.fish`,
      arguments: [{ name: 'shell', text: 'The shell', choices: Object.keys(SCRIPTS) }],
      options: {},
    },
    ({ positionals: [shell] }, say) => {
      say(SCRIPTS[shell!]!(commands()).trimEnd());
      return 0;
    },
  );
