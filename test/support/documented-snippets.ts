import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Command,
  librariesOf,
  makeFolder,
  programFile,
  removeFolder,
  runIn,
  snippetUnder,
} from './snippet-folder.js';

/** One request for a harness. `scheme` names the function of the snippet to call. */
export interface SnippetCase {
  readonly scheme: 'standard' | 'hex';
  /** `null` means that the environment variable is not set. */
  readonly secret: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SnippetLanguage {
  /** The heading above the snippet. */
  readonly heading: string;
  readonly schemes: readonly SnippetCase['scheme'][];
  /** A command that succeeds if the interpreter is installed. */
  readonly probe: Command;
  /** The file for the snippet. */
  readonly file: string;
  /** Whether the snippet verifies the parsed body instead of its bytes. */
  readonly parses?: boolean;
  /** Runs before `command` if compiling takes long: otherwise, the signature would be too old. */
  readonly build?: Command;
  readonly command: Command;
  /** Programs that read cases from stdin, call the snippet, and print a JSON list of booleans. */
  readonly harness: Readonly<Record<string, string>>;
  /** Formats the cases for stdin. Default: JSON. */
  readonly input?: (cases: readonly SnippetCase[]) => string;
  /** Installs the packages that the snippet needs. Returns the reason if that fails. */
  readonly getLibraries?: () => string | undefined;
}

const hex = (text: string): string => Buffer.from(text).toString('hex');

/** Lines of fields with values in hex, for languages without a JSON parser in their standard library. */
const hexLines = (cases: readonly SnippetCase[]): string =>
  hex(
    cases
      .map(({ scheme, secret, body, headers }) => [
        scheme,
        secret === null ? '-' : hex(secret),
        hex(body),
        ...Object.entries(headers).flatMap(([name, value]) => [name, hex(value)]),
      ])
      .map((fields) => fields.join('\t'))
      .join('\n'),
  );

export const RUST_TARGET = join(librariesOf('rust'), 'target');
const JAVA_LIBRARIES = librariesOf('java');
const JAVA_LIBRARY = join(JAVA_LIBRARIES, 'standardwebhooks-1.1.0.jar');

function getJavaLibrary(): string | undefined {
  if (existsSync(JAVA_LIBRARY)) return undefined;
  const artifact = '-Dartifact=com.standardwebhooks:standardwebhooks:1.1.0';
  const args = ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${JAVA_LIBRARIES}`];
  spawnSync('mvn', args, { stdio: 'ignore', timeout: 200_000 });
  return existsSync(JAVA_LIBRARY) ? undefined : 'Maven is not here, or can not get the library.';
}

export function getRustLibraries(): string | undefined {
  const folder = librariesOf('rust');
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'Cargo.toml'), programFile('Cargo.toml').replace('NAME', 'crates'));
  writeFileSync(join(folder, 'src', 'main.rs'), 'fn main() {}');
  const options = { cwd: folder, stdio: 'ignore', timeout: 60_000 } as const;
  const found = [['--offline'], []].some(
    (more) => spawnSync('cargo', ['fetch', ...more], options).status === 0,
  );
  return found ? undefined : 'cargo can not get the crates.';
}

const node = {
  probe: [process.execPath, '--version'],
  file: 'snippet.mjs',
  command: [process.execPath, 'harness.mjs'],
  harness: { 'harness.mjs': programFile('cases.mjs') },
} as const;

export const SNIPPET_LANGUAGES: readonly SnippetLanguage[] = [
  { heading: 'Node.js with Express, hex header', schemes: ['hex'], parses: true, ...node },
  { heading: 'Node.js with Express, Standard Webhooks', schemes: ['standard'], ...node },
  {
    heading: 'Python',
    schemes: ['standard', 'hex'],
    probe: ['python3', '--version'],
    file: 'snippet.py',
    command: ['python3', 'harness.py'],
    harness: { 'harness.py': programFile('cases.py') },
  },
  {
    heading: 'Ruby',
    schemes: ['standard', 'hex'],
    probe: ['ruby', '--version'],
    file: 'snippet.rb',
    command: ['ruby', 'harness.rb'],
    harness: { 'harness.rb': programFile('cases.rb') },
  },
  {
    heading: 'PHP',
    schemes: ['standard', 'hex'],
    probe: ['php', '--version'],
    file: 'snippet.php',
    command: ['php', 'harness.php'],
    harness: { 'harness.php': programFile('cases.php') },
  },
  {
    heading: 'Go',
    schemes: ['standard', 'hex'],
    probe: ['go', 'version'],
    file: 'webhooks/snippet.go',
    build: ['go', 'build', '-o', 'program', '.'],
    command: ['./program'],
    harness: { 'main.go': programFile('cases.go'), 'go.mod': 'module snippet\n\ngo 1.19\n' },
  },
  {
    heading: 'Java',
    schemes: ['standard', 'hex'],
    // HexFormat requires Java 17.
    probe: ['javac', '--release', '17', '--version'],
    file: 'Webhooks.java',
    build: ['javac', '-cp', JAVA_LIBRARY, 'Webhooks.java', 'Harness.java'],
    command: ['java', '-cp', `${JAVA_LIBRARY}:.`, 'Harness'],
    harness: { 'Harness.java': programFile('Harness.java') },
    input: hexLines,
    getLibraries: getJavaLibrary,
  },
  {
    heading: 'Rust',
    schemes: ['standard', 'hex'],
    probe: ['cargo', '--version'],
    file: 'src/webhooks.rs',
    build: ['cargo', 'build', '-q', '--offline', '--target-dir', RUST_TARGET],
    command: ['cargo', 'run', '-q', '--offline', '--target-dir', RUST_TARGET],
    harness: { 'src/main.rs': programFile('cases.rs'), 'Cargo.toml': programFile('Cargo.toml') },
    input: hexLines,
    getLibraries: getRustLibraries,
  },
  {
    heading: 'C#',
    schemes: ['standard', 'hex'],
    probe: ['dotnet', '--version'],
    file: 'Webhooks.cs',
    build: ['dotnet', 'build', '--nologo', '--configuration', 'Release', '--output', 'program'],
    command: ['dotnet', 'program/snippet.dll'],
    harness: { 'Harness.cs': programFile('Harness.cs'), 'snippet.csproj': programFile('snippet.csproj') },
    input: hexLines,
  },
];

/**
 * Builds the language's snippet from `markdownFile` and runs it over the cases. Returns which of them it
 * accepted.
 */
export function runSnippet(
  language: SnippetLanguage,
  markdownFile: URL,
  cases: () => readonly SnippetCase[],
): readonly boolean[] {
  const { input = JSON.stringify } = language;
  const snippet = snippetUnder(readFileSync(markdownFile, 'utf8'), language.heading);
  return runCode(language, snippet, () => input(cases()));
}

/** Runs a snippet in the language's harness over the cases of `input`. Returns which of them it accepted. */
export function runCode(
  language: Pick<SnippetLanguage, 'harness' | 'file' | 'build' | 'command'>,
  snippet: string,
  input: () => string,
): readonly boolean[] {
  const folder = makeFolder({ ...language.harness, [language.file]: snippet });
  try {
    if (language.build) runIn(folder, language.build);
    return JSON.parse(runIn(folder, language.command, input())) as boolean[];
  } finally {
    removeFolder(folder);
  }
}
