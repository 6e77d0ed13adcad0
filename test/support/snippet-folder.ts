import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Command = readonly [string, ...string[]];

const { CACHE } = (await import(new URL('../../scripts/lib/cache.mjs', import.meta.url).href)) as {
  CACHE: string;
};

/**
 * The folder that keeps a language's libraries and compiled files between runs, since building them takes
 * minutes.
 */
export const librariesOf = (language: string): string => join(CACHE, `snippets-${language}`);

export const isInstalled = ([command, ...args]: Command): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The path of a program around the snippets. */
export const programFile = (name: string): string =>
  readFileSync(new URL(`./snippets/${name}`, import.meta.url), 'utf8');

/**
 * Returns the first fenced code block below a heading of a Markdown file, ignoring the one with the
 * installation.
 */
export function snippetUnder(markdown: string, heading: string): string {
  const [, section] = markdown.split(new RegExp(`\n###? ${heading.replace(/\W/g, '\\$&')}\n`));
  const code = section?.split(/\n##/)[0]!.match(/\n```(?!xml|toml)\w+\n([\s\S]*?)\n```\n/)?.[1];
  if (code === undefined) throw new Error(`There is no code under the heading "${heading}".`);
  return `${code}\n`;
}

/** Makes builds work without a network. `getLibraries` has already downloaded everything. */
export const OFFLINE = { GOTOOLCHAIN: 'local', GOPROXY: 'off', GOFLAGS: '-mod=mod' };

/**
 * Names the crate after its sources: cargo builds all crates in one folder, where different crates need
 * different names.
 */
const nameOf = (files: Readonly<Record<string, string>>): string =>
  `snippet-${createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)}`;

/** Creates a folder with these files, and with Express and its body-parser. */
export function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-snippet-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file === 'Cargo.toml' ? text.replace('NAME', nameOf(files)) : text);
  }
  linkExpress(folder);
  return folder;
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Returns the output of a command. */
export function runIn(folder: string, [command, ...args]: Command, input = ''): string {
  const env = { ...process.env, ...OFFLINE };
  const run = spawnSync(command, args, { cwd: folder, env, input, encoding: 'utf8', timeout: 240_000 });
  if (run.status === 0) return run.stdout;
  throw new Error(`${command} ${args.join(' ')} failed: ${run.stderr || run.error?.message}`);
}

/** Links the Express of `@nestjs/platform-express`, wherever npm installed it. */
function linkExpress(folder: string): void {
  const platform = createRequire(import.meta.url).resolve('@nestjs/platform-express');
  const express = createRequire(platform).resolve('express/package.json');
  const parser = createRequire(express).resolve('body-parser/package.json');
  mkdirSync(join(folder, 'node_modules'));
  for (const [name, manifest] of Object.entries({ express, 'body-parser': parser })) {
    symlinkSync(dirname(manifest), join(folder, 'node_modules', name), 'junction');
  }
}
