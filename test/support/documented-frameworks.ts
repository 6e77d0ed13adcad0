import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { getRustLibraries, RUST_TARGET } from './documented-snippets.js';
import { linkPackage } from './linked-packages.js';
import {
  type Command,
  isInstalled,
  librariesOf,
  makeFolder,
  OFFLINE,
  programFile,
  removeFolder,
  runIn,
  snippetUnder,
} from './snippet-folder.js';

/** A program that serves the guide's code for all frameworks of one language. */
export interface FrameworkProgram {
  readonly language: string;
  /** The file for each snippet, by the snippet's heading. The function `verify` comes first. */
  readonly snippets: Readonly<Record<string, string>>;
  readonly files: () => Readonly<Record<string, string>>;
  readonly probe: Command;
  /** Installs the packages of the frameworks. Returns the reason if that fails. */
  readonly getLibraries?: () => string | undefined;
  readonly link?: (folder: string) => void;
  readonly build?: Command;
  readonly command: Command;
}

const NODE = librariesOf('node');
const PYTHON = librariesOf('python');
const GO = librariesOf('go');
const SPRING = librariesOf('spring');

/**
 * Creates a folder of libraries once, with a command that runs next to these files. Returns the reason if
 * that fails. Two runs at the same time create two folders, of which one stays.
 */
function get(
  folder: string,
  [command, ...args]: Command,
  files: Readonly<Record<string, string>> = {},
): string | undefined {
  if (existsSync(folder)) return undefined;
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
    const { status } = spawnSync(command, args, { cwd: made, stdio: 'ignore', timeout: 200_000 });
    if (status !== 0) return `${command} is not here, or can not get the packages.`;
    if (!existsSync(folder)) renameSync(made, folder);
    return undefined;
  } finally {
    removeFolder(made);
  }
}

function linkNode(folder: string): void {
  for (const name of ['@nestjs', 'fastify', 'reflect-metadata', 'rxjs', 'typescript'])
    linkPackage(folder, name);
  for (const name of ['hono', '@hono'])
    symlinkSync(join(NODE, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
}

const npm = ['npm', 'install', '--prefix', '.', '--no-save', '--no-audit', '--no-fund'] as const;
const pip = ['python3', '-m', 'pip', 'install', '-q', '--retries', '1', '--target', '.'] as const;
const mvn = ['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=.'] as const;

/** A module that imports Gin, so that go.mod and go.sum name everything that Gin needs. */
const GIN_MODULE = {
  'go.mod': 'module snippet\n\ngo 1.22\n',
  'main.go': 'package main\n\nimport _ "github.com/gin-gonic/gin"\n\nfunc main() {}\n',
};

export const FRAMEWORK_PROGRAMS: readonly FrameworkProgram[] = [
  {
    language: 'Node.js',
    snippets: {
      'Node.js with Express, Standard Webhooks': 'verify.js',
      Fastify: 'fastify.js',
      Nest: 'app.module.ts',
      'Nest on Fastify': 'nest-on-fastify.ts',
      'Next.js': 'next.ts',
      Hono: 'hono.js',
    },
    files: () => ({ 'serve.mjs': programFile('serve.mjs'), 'package.json': '{ "type": "module" }' }),
    probe: [process.execPath, '--version'],
    getLibraries: () => get(NODE, [...npm, 'hono@4', '@hono/node-server@2']),
    link: linkNode,
    command: [process.execPath, 'serve.mjs'],
  },
  {
    language: 'Python',
    snippets: {
      Python: 'signatures.py',
      Django: 'django_app.py',
      Flask: 'flask_app.py',
      FastAPI: 'fastapi_app.py',
    },
    files: () => ({ 'serve.py': programFile('serve.py') }),
    probe: ['python3', '-m', 'pip', '--version'],
    getLibraries: () => get(PYTHON, [...pip, 'django', 'flask', 'fastapi', 'uvicorn']),
    command: ['python3', 'serve.py', PYTHON],
  },
  {
    language: 'Ruby',
    snippets: { Ruby: 'signatures.rb', Rails: 'rails_app.rb', Sinatra: 'sinatra_app.rb' },
    files: () => ({ 'serve.rb': programFile('serve.rb') }),
    probe: ['ruby', '-e', 'require "rails"; require "sinatra/base"; require "puma"'],
    command: ['ruby', 'serve.rb'],
  },
  {
    language: 'Go',
    snippets: { Go: 'webhooks/verify.go', 'net/http': 'webhooks/receive.go', Gin: 'webhooks/gin.go' },
    files: () => ({
      'main.go': programFile('serve.go'),
      'go.mod': readFileSync(join(GO, 'go.mod'), 'utf8'),
      'go.sum': readFileSync(join(GO, 'go.sum'), 'utf8'),
    }),
    probe: ['go', 'version'],
    getLibraries: () => get(GO, ['go', 'get', 'github.com/gin-gonic/gin@v1.10.1'], GIN_MODULE),
    // The tag leaves out a package that takes longer to compile than everything else.
    build: ['go', 'build', '-tags', 'nomsgpack', '-o', 'program', '.'],
    command: ['./program'],
  },
  {
    language: 'Java',
    snippets: { Java: 'Webhooks.java', 'Spring Boot': 'WebhooksController.java' },
    files: () => ({ 'Serve.java': programFile('Serve.java') }),
    probe: ['javac', '--release', '17', '--version'],
    getLibraries: () => get(SPRING, mvn, { 'pom.xml': programFile('pom.xml') }),
    build: [
      'javac',
      '-parameters',
      '-cp',
      join(SPRING, '*'),
      'Webhooks.java',
      'WebhooksController.java',
      'Serve.java',
    ],
    // These options make a short-lived process start faster.
    command: ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', `${SPRING}/*:.`, 'Serve'],
  },
  {
    language: 'Rust',
    snippets: { Rust: 'src/webhooks.rs', axum: 'src/axum_app.rs' },
    files: () => ({ 'src/main.rs': programFile('serve.rs'), 'Cargo.toml': programFile('Cargo.toml') }),
    probe: ['cargo', '--version'],
    getLibraries: getRustLibraries,
    build: ['cargo', 'build', '-q', '--offline', '--target-dir', RUST_TARGET],
    command: ['cargo', 'run', '-q', '--offline', '--target-dir', RUST_TARGET],
  },
];

/** Returns the reason why a program can't run here, or undefined. */
export function missingFor({ probe, language, getLibraries }: FrameworkProgram): string | undefined {
  if (!isInstalled(probe)) return `${language} is not installed here, or what its frameworks need is not.`;
  return getLibraries?.();
}

/** The headings of the frameworks of a program. */
export const frameworksOf = ({ snippets }: FrameworkProgram): readonly string[] =>
  Object.keys(snippets).slice(1);

/** A running program. */
export class ServedFrameworks {
  private readonly answers;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    this.answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws Error if the program does not build */
  static start(program: FrameworkProgram, guide: string): ServedFrameworks {
    const snippets = Object.entries(program.snippets).map(([heading, file]) => [
      file,
      snippetUnder(guide, heading),
    ]);
    const folder = makeFolder({ ...program.files(), ...Object.fromEntries(snippets) });
    program.link?.(folder);
    if (program.build) runIn(folder, program.build);
    const [command, ...args] = program.command;
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...OFFLINE },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new ServedFrameworks(child, folder);
  }

  /** Sets the secret. Returns the frameworks' URLs by heading. */
  async urls(secret: string | null): Promise<Record<string, string>> {
    this.child.stdin!.write(`${secret ?? ''}\n`);
    const answer = await this.answers.next();
    if (answer.done) throw new Error('The program has ended.');
    return JSON.parse(answer.value) as Record<string, string>;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin!.end();
    if (this.child.exitCode === null && this.child.signalCode === null) await ended;
    removeFolder(this.folder);
  }
}
