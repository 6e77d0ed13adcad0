import { describe, expect, it } from 'vitest';
import { snippets } from '../../lib/dashboard/element/parts/snippets.js';
import { newSecretValue } from '../../lib/domain/secret.js';
import { hexSignature } from '../support/default-signatures.js';
import { runCode, SNIPPET_LANGUAGES, type SnippetLanguage } from '../support/documented-snippets.js';
import { isInstalled } from '../support/snippet-folder.js';

/** A cold Go compiles its standard library first. */
const RUN_TIMEOUT_MS = 300_000;

const JS_HARNESS = `
import { readFileSync } from 'node:fs';
import { verifyHex } from './snippet.mjs';
const cases = JSON.parse(readFileSync(0, 'utf8'));
// Express has no body where the request has none.
if (verifyHex('secret', '0'.repeat(64), undefined)) throw new Error('accepted no body');
console.log(JSON.stringify(cases.map(({ secret, body, signature }) => verifyHex(secret, signature, body))));
`;
const PYTHON_HARNESS = `
import json, sys
from snippet import verify_hex
# As aiohttp gives what is no UTF-8.
assert not verify_hex("secret", "\\udce9" * 64, b"{}")
print(json.dumps([verify_hex(c["secret"], c["signature"], c["body"].encode()) for c in json.load(sys.stdin.buffer)]))
`;
const RUBY_HARNESS = `
require "json"
require_relative "snippet"
puts JSON.generate(JSON.parse($stdin.read).map { |c| verify_hex(c["secret"], c["signature"], c["body"]) })
`;
const PHP_HARNESS = `<?php
require __DIR__ . '/snippet.php';
$cases = json_decode(file_get_contents('php://stdin'), true, 512, JSON_THROW_ON_ERROR);
echo json_encode(array_map(fn ($c) => verify_hex($c['secret'], $c['signature'], $c['body']), $cases));
`;
const GO_HARNESS = `package main

import (
	"encoding/json"
	"os"

	"snippet/webhooks"
)

func main() {
	var cases []struct{ Secret, Body, Signature string }
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	accepted := []bool{}
	for _, c := range cases {
		accepted = append(accepted, webhooks.VerifyHex(c.Secret, c.Signature, []byte(c.Body)))
	}
	json.NewEncoder(os.Stdout).Encode(accepted)
}
`;

/** The guide's languages, with a harness for the one function that the dashboard shows. */
const SHOWN: readonly { heading: string; fence: string; harness: SnippetLanguage['harness'] }[] = [
  { heading: 'Node.js with Express, hex header', fence: 'js', harness: { 'harness.mjs': JS_HARNESS } },
  { heading: 'Python', fence: 'python', harness: { 'harness.py': PYTHON_HARNESS } },
  { heading: 'Ruby', fence: 'ruby', harness: { 'harness.rb': RUBY_HARNESS } },
  { heading: 'PHP', fence: 'php', harness: { 'harness.php': PHP_HARNESS } },
  {
    heading: 'Go',
    fence: 'go',
    harness: { 'main.go': GO_HARNESS, 'go.mod': 'module snippet\n\ngo 1.19\n' },
  },
];
const LANGUAGES = SHOWN.map((language) => ({
  ...SNIPPET_LANGUAGES.find(({ heading }) => heading === language.heading)!,
  ...language,
}));

const secret = newSecretValue();
const body = JSON.stringify({ id: 'evt_1', data: { text: 'Grüße 👋' } });
const signature = hexSignature(secret, body);
const CASES = [
  { secret, body, signature, accepted: true },
  { secret, body: body.replace('evt_1', 'evt_2'), signature, accepted: false },
  { secret: newSecretValue(), body, signature, accepted: false },
  { secret, body, signature: '', accepted: false },
  { secret, body, signature: 'garbage', accepted: false },
  { secret, body, signature: '0'.repeat(64), accepted: false },
  { secret, body, signature: 'é'.repeat(32), accepted: false },
  { secret, body, signature: signature.slice(0, -1), accepted: false },
  { secret, body, signature: signature.slice(0, -2), accepted: false },
  { secret, body, signature: `${signature}00`, accepted: false },
  { secret, body, signature: `${signature}, ${signature}`, accepted: false },
  { secret, body: `\uFEFF${body}`, signature, accepted: false },
  { secret, body: `${body}\n`, signature, accepted: false },
  // What a variable that is not set gives: everybody can sign with that.
  { secret: '', body, signature: hexSignature('', body), accepted: false },
  { secret: null, body, signature: hexSignature('', body), accepted: false },
];

/** What the dashboard shows, by the name of the language in a fence. */
const codeIn = (fence: string): string | undefined =>
  snippets('x-acme-signature').find(({ language }) => language === (fence === 'js' ? 'node' : fence))?.code;

describe('The code that the dashboard gives to a customer', () => {
  for (const language of LANGUAGES) {
    if (!isInstalled(language.probe)) {
      process.stdout.write(
        `${language.heading} is not installed: its snippet in the dashboard is not run.\n`,
      );
      continue;
    }
    it(
      `tells right from wrong signatures: ${language.fence}`,
      () => {
        const code = codeIn(language.fence);
        expect(code).toBeDefined();
        expect(runCode(language, `${code}\n`, () => JSON.stringify(CASES))).toEqual(
          CASES.map(({ accepted }) => accepted),
        );
      },
      RUN_TIMEOUT_MS,
    );
  }
});
