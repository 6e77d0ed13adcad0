import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSecretValue } from '../../lib/domain/secret.js';
import { PACKAGE_VERSION } from '../../lib/config/package-version.js';
import { runCommand, startCommand, type RunningCommand } from '../support/command.js';
import { signatureHeaders } from '../support/default-signatures.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const NAMES = ['receive', 'verify', 'status', 'resend', 'migrate', 'guide', 'check-catalogue', 'completions'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('The command line', () => {
  it('has help for itself and each command, and says by 2 that it was called in a wrong way', async () => {
    const help = await runCommand(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of NAMES) {
      expect(help.stdout).toContain(`  ${name} `);
      const own = await runCommand([name, '--help']);
      expect(own.stdout).toMatch(new RegExp(`^Usage: nestjs-webhooks ${name} [^]*--help[^]*Exit code: 0`));
      expect(own.code).toBe(0);
    }
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: `${PACKAGE_VERSION}\n` });
    expect(await runCommand([])).toMatchObject({ code: 2, stdout: '' });
    expect(await runCommand(['toString'])).toMatchObject({ code: 2 });
    const wrong: readonly (readonly [string[], string])[] = [
      [['recieve'], 'There is no command recieve. Did you mean receive?'],
      [['verify', '--secrt', 'x'], "Unknown option '--secrt'. Did you mean --secret?"],
      [['verify', '--scheme', 'md5'], '--scheme must be one of standard, standard-v1a, hmac'],
      [['verify', 'a', 'b'], 'b is one argument too many.'],
      [['guide'], 'Say which module.'],
      [['receive', '--port', 'http'], '--port must be a whole number from 0 to 65535, got http.'],
      [['receive', '--delay', 'soon'], '--delay must be a duration such as 250ms'],
    ];
    for (const [given, message] of wrong) {
      const { code, stderr } = await runCommand(given);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
    }
  });

  it('completes commands, options and values in bash', async () => {
    const { stdout: script } = await runCommand(['completions', 'bash']);
    const completed = async (...words: string[]): Promise<string[]> => {
      const ask = `${script}
        COMP_WORDS=(nestjs-webhooks ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
        _nestjs_webhooks; echo "\${COMPREPLY[@]}"`;
      const { stdout } = await promisify(execFile)('bash', ['-c', ask]);
      return stdout.trim().split(' ');
    };
    expect(await completed('')).toEqual([...NAMES, '--help', '--version']);
    expect(await completed('ver')).toEqual(['verify']);
    expect(await completed('receive', '--st')).toEqual(['--status']);
    expect(await completed('verify', '--scheme', 'st')).toEqual(['standard', 'standard-v1a', 'stripe']);
    expect(await completed('completions', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('has completions of the same for zsh and fish', async () => {
    const { stdout: zsh } = await runCommand(['completions', 'zsh']);
    expect(zsh).toContain("'*--scheme[A signature that must be there.");
    expect(zsh).toContain(':value:(standard standard-v1a hmac stripe slack rfc9421)');
    const { stdout: fish } = await runCommand(['completions', 'fish']);
    expect(fish).toContain(
      "complete -c nestjs-webhooks -n '__fish_seen_subcommand_from verify' -l scheme -x -a 'standard standard-v1a",
    );
    for (const name of NAMES) expect(zsh + fish).toContain(name);
    expect(await runCommand(['completions', 'tcsh'])).toMatchObject({ code: 2 });
  });

  it('writes the customers’ guide of the options that a module exports', async () => {
    const options = `{ events: { 'post.published': { description: 'A post went live.' } }, api: { public: true }, guide: { product: 'Acme' } }`;
    const module = file('options.mjs', `export const options = ${options}; export const other = 1;`);
    const { code, stdout } = await runCommand(['guide', module]);
    expect(code).toBe(0);
    expect(stdout.slice(0, 40)).toContain('Webhook Integration Guide');
    for (const part of ['post.published', 'Acme', 'Retry Logic']) expect(stdout.includes(part)).toBe(true);
    const wrong = await runCommand(['guide', module, '--export', 'other']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('other of');
    expect(wrong.stderr).toContain('It exports options, other.');
  });
});

describe('The command verify', () => {
  const secret = newSecretValue();
  const at = Date.parse('2026-05-15T14:22:30Z');
  const body =
    '{"id":"evt_1","event_type":"post.published","created_at":"2026-05-15T14:22:30Z","data":{"n":1}}';
  const signed = (headers: Record<string, string> = {}): Record<string, string> => ({
    ...signatureHeaders({ id: 'evt_1', timestamp: at / 1_000, body }, [{ value: secret }], {
      header: 'x-webhook-signature',
      rotation: 'old',
    }),
    'content-length': String(body.length),
    ...headers,
  });
  const verify = (
    given: readonly string[],
    request: { body?: string; headers?: Record<string, string>; secret?: string } = {},
  ) => {
    const headers = file('headers.json', JSON.stringify(request.headers ?? signed()));
    const word = request.secret ?? secret;
    return runCommand(['verify', '--headers', headers, '--at', '2026-05-15T14:23:00Z', ...given], {
      stdin: request.body ?? body,
      env: { WEBHOOK_SECRET: word },
    });
  };

  it('finds a genuine request right, from files and from options', async () => {
    expect(await verify([])).toEqual({
      code: 0,
      stderr: '',
      stdout:
        'hmac (x-webhook-signature): right\nstandard (webhook-signature): right\nThe request is genuine.\n',
    });
    const lines = Object.entries(signed()).map(([name, value]) => `${name.toUpperCase()}: ${value}`);
    const raw = file('raw.txt', ['POST /hook HTTP/1.1', ...lines, ''].join('\r\n'));
    const saved = file('body.json', body);
    const at = ['--at', '2026-05-15T14:23:00Z'];
    const { code, stdout } = await runCommand([
      'verify',
      saved,
      '--headers',
      raw,
      '-s',
      secret,
      '--json',
      ...at,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      verified: true,
      signatures: [
        { scheme: 'hmac', header: 'x-webhook-signature', verified: true },
        { scheme: 'standard', header: 'webhook-signature', verified: true },
      ],
      event: { representation: 'envelope', id: 'evt_1', type: 'post.published' },
    });
  });

  it.each<[string, string[], Parameters<typeof verify>[1], string]>([
    ['another secret', [], { secret: newSecretValue() }, 'No secret that was given made this signature'],
    [
      'a secret with quotes',
      [],
      { secret: `"${secret}"` },
      'The secret has white space or quotes around it.',
    ],
    [
      'a secret without its start',
      ['--scheme', 'hmac'],
      { secret: secret.replace('whsec_', '') },
      'The secret lacks whsec_ at its start.',
    ],
    [
      'a body that was formatted',
      [],
      { body: JSON.stringify(JSON.parse(body), null, 2) },
      'The signature is right for it as JSON without white space',
    ],
    [
      'a body with a line break',
      [],
      { body: `${body}\n` },
      'right for it without the line break at its end.',
    ],
    [
      'a body with other data',
      [],
      { body: `${body.slice(0, -2)}0}}` },
      'it has 96 bytes, and its content-length was 95.',
    ],
    [
      'a time long ago',
      ['--at', '2026-05-15T17:22:30Z'],
      {},
      'The signature is right, but its time is 3 h ago, and 5 min are allowed.',
    ],
    ['a time to come', ['--at', '2026-05-15T14:00:00Z'], {}, 'its time is 23 min in the future'],
    ['no signature at all', [], { headers: { host: 'x' } }, 'There is no signature in the headers.'],
    [
      'a missing timestamp',
      [],
      {
        headers: Object.fromEntries(
          Object.entries(signed()).filter(([name]) => name !== 'webhook-timestamp'),
        ),
      },
      'it has no webhook-timestamp header.',
    ],
    [
      'a scheme that is not there',
      ['--scheme', 'stripe', '--signature-header', 'Acme-Signature'],
      {},
      'it has no acme-signature header.',
    ],
  ])('says what is wrong with %s', async (_, given, request, problem) => {
    const { code, stdout, stderr } = await verify(given, request);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(problem);
    expect(stdout).toMatch(/The request must not be trusted\.\n$/);
    expect(stdout + stderr).not.toContain(secret);
  });

  it('takes any time of a saved request where it is told to', async () => {
    expect(await verify(['--at', '2026-06-01', '--tolerance', 'any'])).toMatchObject({ code: 0 });
  });
});

describe('The command receive', () => {
  let t: SendingApp | undefined;
  let running: RunningCommand | undefined;
  afterEach(async () => {
    running?.signal('SIGKILL');
    await t?.stop();
    [t, running] = [undefined, undefined];
  });

  const receiving = async (...given: string[]): Promise<string> => {
    running = startCommand(['receive', '--port', '0', ...given]);
    return /http:\/\/[\d.]+:\d+/.exec(await running.line())![0];
  };
  const arrival = async () => JSON.parse(await running!.line()) as Record<string, unknown>;

  it('verifies every signature scheme, in every representation', async () => {
    const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    t = await sendingApp({
      clock: false,
      webhooks: {
        signature: {
          keys: [key],
          schemes: [
            'standard',
            'standard-v1a',
            'rfc9421',
            { scheme: 'hmac', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
            { scheme: 'stripe', header: 'Acme-Signature' },
            { scheme: 'slack', header: 'X-Acme-Signature', timestampHeader: 'X-Acme-Request-Timestamp' },
          ],
        },
      },
    });
    const keys = file('keys.json', JSON.stringify(t.webhooks.settings.publicKeys()));
    const { id, secret } = await t.endpoint();
    const url = await receiving('--json', '--secret', secret, '--public-key', keys, '--count', '6');
    await t.webhooks.endpoints.update('acme', id, { url: `${url}/hook?a=b` });
    const forms = ['standard-webhooks', 'cloudevents', 'cloudevents-binary', 'slack', 'teams'] as const;
    const seen: unknown[] = [];
    for (const representation of [null, ...forms]) {
      await t.webhooks.endpoints.update('acme', id, { representation });
      const emitted = await t.webhooks.emit('post.created', { post_id: 'p1' }, { tenant: 'acme' });
      const { verified, signatures, event, status } = await arrival();
      expect(signatures).toHaveLength(6);
      expect({ verified, status }).toEqual({ verified: true, status: 204 });
      expect(event).toMatchObject({ id: emitted.id });
      seen.push((event as { representation: string }).representation);
    }
    expect(seen).toEqual(['envelope', ...forms]);
    expect(await running!.ended).toBe(0);
  });

  it('says what is not verified, answers as it was told, and ends with 1', async () => {
    t = await sendingApp({ clock: false });
    const url = await receiving(
      '--secret',
      newSecretValue(),
      '--status',
      '503',
      '--delay',
      '50ms',
      '--count',
      '1',
    );
    const { id } = await t.endpoint({ url: `${url}/hook` });
    const test = await t.webhooks.deliveries.test('acme', id, 'post.published');
    expect(test).toMatchObject({ statusCode: 503 });
    expect(test.durationMs).toBeGreaterThanOrEqual(45);
    expect(await running!.line()).toMatch(
      /POST \/hook post\.published evt_\S+, attempt 1, \d+ bytes, answered 503$/,
    );
    expect(await running!.line()).toMatch(/^ {2}hmac \(x-webhook-signature\): WRONG\. No secret/);
    expect(await running!.ended).toBe(1);
  });

  it('prints without a secret too, shows nothing that steers a terminal, and ends when it is told to', async () => {
    const url = await receiving();
    expect(await running!.line()).toBe('No secret was given: nothing is verified. See --secret.');
    await fetch(`${url}/x`, { method: 'POST', body: 'red: \u001b[31m\u009b31m' });
    const lines: string[] = [];
    while (!lines.at(-1)?.startsWith('  red')) lines.push(await running!.line());
    expect(lines.at(-1)).toBe('  red: \\u001b[31m\\u009b31m');
    running!.signal('SIGINT');
    expect(await running!.ended).toBe(0);
  });
});
