import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** One request, as a harness gets it: `scheme` is the function of the snippet that is called. */
export interface SnippetCase {
  readonly scheme: 'standard' | 'hex';
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SnippetLanguage {
  /** The heading that the snippet stands under. */
  readonly heading: string;
  readonly schemes: readonly SnippetCase['scheme'][];
  /** How to ask whether the interpreter is there. */
  readonly probe: readonly [string, ...string[]];
  /** The file that the snippet is written to. */
  readonly file: string;
  readonly command: readonly [string, ...string[]];
  /** Reads cases as JSON from stdin, calls the snippet, and prints a JSON list of true and false. */
  readonly harness: Readonly<Record<string, string>>;
}

const EXPRESS_HARNESS = `
import { readFileSync } from 'node:fs';
import { app } from './snippet.mjs';

const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = 'http://127.0.0.1:' + server.address().port + '/webhooks';
const accepted = [];
for (const { secret, headers, body } of JSON.parse(readFileSync(0, 'utf8'))) {
  process.env.WEBHOOK_SECRET = secret;
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  if (![204, 401].includes(response.status)) throw new Error('answered ' + response.status);
  accepted.push(response.status === 204);
}
server.close();
console.log(JSON.stringify(accepted));
`;

const PYTHON_HARNESS = `
import json, sys
from snippet import verify, verify_hex

def accepted(case):
    body = case["body"].encode()
    if case["scheme"] == "standard":
        return verify(case["secret"], case["headers"], body)
    return verify_hex(case["secret"], case["headers"].get("x-webhook-signature"), body)

print(json.dumps([accepted(case) for case in json.load(sys.stdin.buffer)]))
`;

const RUBY_HARNESS = `
require "json"
require_relative "snippet"

accepted = JSON.parse($stdin.binmode.read).map do |c|
  next verify(c["secret"], c["headers"], c["body"]) if c["scheme"] == "standard"
  verify_hex(c["secret"], c["headers"]["x-webhook-signature"], c["body"])
end
puts JSON.generate(accepted)
`;

const PHP_HARNESS = `<?php
require __DIR__ . '/snippet.php';

$accepted = [];
foreach (json_decode(file_get_contents('php://stdin'), true, 512, JSON_THROW_ON_ERROR) as $c) {
    $accepted[] = $c['scheme'] === 'standard'
        ? verify($c['secret'], $c['headers'], $c['body'])
        : verify_hex($c['secret'], $c['headers']['x-webhook-signature'] ?? null, $c['body']);
}
echo json_encode($accepted);
`;

const GO_HARNESS = `package main

import (
	"encoding/json"
	"net/http"
	"os"

	"snippet/webhooks"
)

func main() {
	var cases []struct {
		Scheme, Secret, Body string
		Headers              map[string]string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	accepted := []bool{}
	for _, c := range cases {
		header := http.Header{}
		for name, value := range c.Headers {
			header.Set(name, value)
		}
		if c.Scheme == "standard" {
			accepted = append(accepted, webhooks.Verify(c.Secret, header, []byte(c.Body)))
		} else {
			accepted = append(accepted, webhooks.VerifyHex(c.Secret, header.Get("x-webhook-signature"), []byte(c.Body)))
		}
	}
	json.NewEncoder(os.Stdout).Encode(accepted)
}
`;

const node = {
  probe: [process.execPath, '--version'],
  file: 'snippet.mjs',
  command: [process.execPath, 'harness.mjs'],
  harness: { 'harness.mjs': EXPRESS_HARNESS },
} as const;

export const SNIPPET_LANGUAGES: readonly SnippetLanguage[] = [
  { heading: 'Node.js with Express, hex header', schemes: ['hex'], ...node },
  { heading: 'Node.js with Express, Standard Webhooks', schemes: ['standard'], ...node },
  {
    heading: 'Python',
    schemes: ['standard', 'hex'],
    probe: ['python3', '--version'],
    file: 'snippet.py',
    command: ['python3', 'harness.py'],
    harness: { 'harness.py': PYTHON_HARNESS },
  },
  {
    heading: 'Ruby',
    schemes: ['standard', 'hex'],
    probe: ['ruby', '--version'],
    file: 'snippet.rb',
    command: ['ruby', 'harness.rb'],
    harness: { 'harness.rb': RUBY_HARNESS },
  },
  {
    heading: 'PHP',
    schemes: ['standard', 'hex'],
    probe: ['php', '--version'],
    file: 'snippet.php',
    command: ['php', 'harness.php'],
    harness: { 'harness.php': PHP_HARNESS },
  },
  {
    heading: 'Go',
    schemes: ['standard', 'hex'],
    probe: ['go', 'version'],
    file: 'webhooks/snippet.go',
    command: ['go', 'run', '.'],
    harness: { 'main.go': GO_HARNESS, 'go.mod': 'module snippet\n\ngo 1.19\n' },
  },
];

export function isInstalled([command, ...args]: SnippetLanguage['probe']): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** The first fenced code block under a heading of a markdown file. */
export function snippetUnder(markdown: string, heading: string): string {
  const [, section] = markdown.split(`\n## ${heading}\n`);
  const code = section?.split(/\n## /)[0]!.match(/\n```\w+\n([\s\S]*?)\n```\n/)?.[1];
  if (code === undefined) throw new Error(`There is no code under the heading "${heading}".`);
  return `${code}\n`;
}

/** Runs the language's snippet of `markdownFile` over all cases; gives which of them it accepted. */
export function runSnippet(
  language: SnippetLanguage,
  markdownFile: URL,
  cases: readonly SnippetCase[],
): readonly boolean[] {
  return runCode(language, snippetUnder(readFileSync(markdownFile, 'utf8'), language.heading), cases);
}

/** Runs a snippet with the language's harness over all cases; gives which of them it accepted. */
export function runCode(
  language: Pick<SnippetLanguage, 'heading' | 'harness' | 'file' | 'command'>,
  snippet: string,
  cases: readonly object[],
): readonly boolean[] {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-snippet-'));
  try {
    for (const [file, text] of Object.entries({ ...language.harness, [language.file]: snippet })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    linkExpress(folder);
    const [command, ...args] = language.command;
    const run = spawnSync(command, args, {
      cwd: folder,
      env: { ...process.env, GOTOOLCHAIN: 'local', GOPROXY: 'off', GOFLAGS: '-mod=mod' },
      input: JSON.stringify(cases),
      encoding: 'utf8',
      timeout: 240_000,
    });
    if (run.status !== 0)
      throw new Error(`The ${language.heading} snippet failed: ${run.stderr || run.error?.message}`);
    return JSON.parse(run.stdout) as boolean[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The Express of `@nestjs/platform-express`, wherever npm put it. */
function linkExpress(folder: string): void {
  const platform = createRequire(import.meta.url).resolve('@nestjs/platform-express');
  const express = dirname(createRequire(platform).resolve('express/package.json'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(express, join(folder, 'node_modules', 'express'), 'junction');
}
