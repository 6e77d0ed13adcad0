import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** One request, as a harness gets it: `scheme` is the function of the snippet that is called. */
export interface SnippetCase {
  readonly scheme: 'standard' | 'hex';
  /** `null`: that of a variable which is not set. */
  readonly secret: string | null;
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
  /** Reads cases from stdin, calls the snippet, and prints a JSON list of true and false. */
  readonly harness: Readonly<Record<string, string>>;
  /** What stands on stdin. Default: JSON. */
  readonly input?: (cases: readonly SnippetCase[]) => string;
  /** Gets the packages that the snippet needs; gives why it can't. */
  readonly getLibraries?: () => string | undefined;
}

const EXPRESS_HARNESS = `
import { readFileSync } from 'node:fs';
import * as snippet from './snippet.mjs';

const { app, verify } = snippet;

const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = 'http://127.0.0.1:' + server.address().port + '/webhooks';
const accepted = [];
for (const { secret, headers, body } of JSON.parse(readFileSync(0, 'utf8'))) {
  if (secret === null) delete process.env.WEBHOOK_SECRET;
  else process.env.WEBHOOK_SECRET = secret;
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  if (![204, 401].includes(response.status)) throw new Error('answered ' + response.status);
  accepted.push(response.status === 204);
  if (!verify) continue;
  // As Next.js, Hono and Bun give headers.
  const byFetch = verify(process.env.WEBHOOK_SECRET, new Headers(headers), Buffer.from(body));
  if (byFetch !== accepted.at(-1)) throw new Error('other with the Headers of fetch: ' + JSON.stringify(headers));
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
        // As getenv gives what is not set.
        ? verify($c['secret'] ?? false, $c['headers'], $c['body'])
        : verify_hex($c['secret'] ?? false, $c['headers']['x-webhook-signature'] ?? null, $c['body']);
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

const JAVA_HARNESS = `
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.*;

public final class Harness {
    static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), UTF_8);
    }

    public static void main(String[] args) throws Exception {
        List<Boolean> accepted = new ArrayList<>();
        for (String line : text(new String(System.in.readAllBytes(), UTF_8)).split("\\n")) {
            String[] parts = line.split("\\t", -1);
            String secret = parts[1].equals("-") ? null : text(parts[1]);
            byte[] body = HexFormat.of().parseHex(parts[2]);
            Map<String, List<String>> headers = new HashMap<>();
            for (int i = 3; i + 1 < parts.length; i += 2) headers.put(parts[i], List.of(text(parts[i + 1])));
            String hex = headers.getOrDefault("x-webhook-signature", List.of("")).get(0);
            boolean standard = parts[0].equals("standard");
            accepted.add(standard ? Webhooks.verify(secret, headers, body) : Webhooks.verifyHex(secret, hex, body));
        }
        System.out.println(accepted);
    }
}
`;

const RUST_HARNESS = `
mod webhooks;

use http::{HeaderMap, HeaderName, HeaderValue};
use std::io::Read;

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let lines = String::from_utf8(hex::decode(input).unwrap()).unwrap();
    let accepted: Vec<bool> = lines.split('\\n').map(|line| {
        let parts: Vec<&str> = line.split('\\t').collect();
        let secret = String::from_utf8(hex::decode(parts[1]).unwrap_or_default()).unwrap();
        let body = hex::decode(parts[2]).unwrap();
        let mut headers = HeaderMap::new();
        for pair in parts[3..].chunks_exact(2) {
            let name = HeaderName::from_bytes(pair[0].as_bytes()).unwrap();
            headers.insert(name, HeaderValue::from_bytes(&hex::decode(pair[1]).unwrap()).unwrap());
        }
        if parts[0] == "standard" { return webhooks::verify(&secret, &headers, &body); }
        let signature = headers.get("x-webhook-signature").and_then(|value| value.to_str().ok());
        webhooks::verify_hex(&secret, signature.unwrap_or(""), &body)
    }).collect();
    println!("{accepted:?}");
}
`;

const CARGO_TOML = `[package]
name = "snippet"
version = "0.0.0"
edition = "2021"

[dependencies]
standardwebhooks = "=1.0.1"
http = "1"
hex = "0.4"
hmac = "0.12"
sha2 = "0.10"
`;

const hex = (text: string): string => Buffer.from(text).toString('hex');

/** For languages without a JSON parser in their standard library: lines of fields, with values in hex. */
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

/** Kept from run to run: what is built once costs minutes. */
const CACHE = join(tmpdir(), 'nestjs-webhooks-snippets');
const JAVA_LIBRARY = join(CACHE, 'standardwebhooks-1.1.0.jar');

function getJavaLibrary(): string | undefined {
  if (existsSync(JAVA_LIBRARY)) return undefined;
  const artifact = '-Dartifact=com.standardwebhooks:standardwebhooks:1.1.0';
  const args = ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${CACHE}`];
  spawnSync('mvn', args, { stdio: 'ignore', timeout: 200_000 });
  return existsSync(JAVA_LIBRARY) ? undefined : 'Maven is not here, or can not get the library.';
}

function getRustLibraries(): string | undefined {
  const folder = join(CACHE, 'rust');
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'Cargo.toml'), CARGO_TOML);
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
  {
    heading: 'Java',
    schemes: ['standard', 'hex'],
    // HexFormat is of Java 17.
    probe: ['javac', '--release', '17', '--version'],
    file: 'Webhooks.java',
    command: ['sh', '-c', `javac -cp "${JAVA_LIBRARY}" *.java && java -cp "${JAVA_LIBRARY}:." Harness`],
    harness: { 'Harness.java': JAVA_HARNESS },
    input: hexLines,
    getLibraries: getJavaLibrary,
  },
  {
    heading: 'Rust',
    schemes: ['standard', 'hex'],
    probe: ['cargo', '--version'],
    file: 'src/webhooks.rs',
    command: ['cargo', 'run', '-q', '--offline', '--target-dir', join(CACHE, 'rust-target')],
    harness: { 'src/main.rs': RUST_HARNESS, 'Cargo.toml': CARGO_TOML },
    input: hexLines,
    getLibraries: getRustLibraries,
  },
];

export function isInstalled([command, ...args]: SnippetLanguage['probe']): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** The first fenced code block under a heading of a markdown file, but for that of what is to be installed. */
export function snippetUnder(markdown: string, heading: string): string {
  const [, section] = markdown.split(`\n## ${heading}\n`);
  const code = section?.split(/\n## /)[0]!.match(/\n```(?!xml|toml)\w+\n([\s\S]*?)\n```\n/)?.[1];
  if (code === undefined) throw new Error(`There is no code under the heading "${heading}".`);
  return `${code}\n`;
}

/** Runs the language's snippet of `markdownFile` over all cases; gives which of them it accepted. */
export function runSnippet(
  language: SnippetLanguage,
  markdownFile: URL,
  cases: readonly SnippetCase[],
): readonly boolean[] {
  const { input = JSON.stringify } = language;
  return runCode(language, snippetUnder(readFileSync(markdownFile, 'utf8'), language.heading), input(cases));
}

/** Runs a snippet with the language's harness over the cases of `input`; gives which of them it accepted. */
export function runCode(
  language: Pick<SnippetLanguage, 'heading' | 'harness' | 'file' | 'command'>,
  snippet: string,
  input: string,
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
      input,
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
