import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { RecordingLogger } from './bare-app.js';
import type { RestAnswer, RestApp } from './rest-app.js';

/** Something that was seen, and where. */
interface Sighting {
  readonly where: string;
  readonly text: string;
}

/** Every spelling in which a secret could be seen. */
function spellingsOf(secret: string): string[] {
  const base64 = secret.slice('whsec_'.length);
  const bytes = Buffer.from(base64, 'base64');
  const hex = bytes.toString('hex');
  const asText = Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1);
  return [
    base64,
    base64.replace(/=+$/, ''),
    bytes.toString('base64url'),
    encodeURIComponent(base64),
    hex,
    hex.toUpperCase(),
    asText,
  ];
}

/** The columns that are meant to hold secrets, which are sealed where the app has keys. */
const SECRET_COLUMNS = ['secrets', 'authorization_secret', 'certificate_secret'];

/** A credential in any of these texts. */
function spellingsOfText(secret: string): string[] {
  if (secret.startsWith('-----BEGIN')) return spellingsOfKey(secret);
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), bytes.toString('base64').slice(0, -4)];
}

/** A key in PEM: its first line, and the number that is private of it. */
function spellingsOfKey(pem: string): string[] {
  const firstLine = pem.split('\n')[1]!;
  if (pem.includes('ENCRYPTED')) return [firstLine];
  const { d } = createPrivateKey(pem).export({ format: 'jwk' });
  const bytes = Buffer.from(d!, 'base64url');
  return [firstLine, d!, bytes.toString('base64'), bytes.toString('hex')];
}

/** Keeps whatever an app lets out, to look for secrets in it afterwards. */
export class LeakWatch {
  private readonly seen: Sighting[] = [];
  private readonly issued = new Set<string>();
  private readonly credentials: string[] = [];

  constructor(
    private readonly rest: RestApp,
    private readonly logger: RecordingLogger,
  ) {
    rest.app.get(EventEmitter2).onAny((name, value) => this.saw(`event ${String(name)}`, value));
  }

  saw(where: string, value: unknown): void {
    const text = typeof value === 'string' ? value : inspect(value, { depth: 10, showHidden: true });
    this.seen.push({ where, text });
  }

  /** A credential that the app is given: only requests to whom it is for may hold it. */
  guards(...credentials: readonly string[]): void {
    this.credentials.push(...credentials.flatMap(spellingsOfText));
  }

  /** Calls a route; the answer may hold no secret. */
  async ask(method: string, path: string, body?: unknown, account = 'acme'): Promise<RestAnswer> {
    const answer = await this.call(method, path, body, account);
    this.saw(`${method} ${path} ${answer.status}`, JSON.stringify([answer.headers, answer.text]));
    return answer;
  }

  /** Calls a route whose answer is meant to hold secrets. */
  async askForSecret(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    const answer = await this.call(method, path, body, 'acme');
    for (const [secret] of answer.text.matchAll(/whsec_[\w+/=]+/g)) this.issued.add(secret);
    return answer;
  }

  /** What the work throws is looked through as well. */
  async failing(where: string, work: () => Promise<unknown>): Promise<void> {
    await work().then(
      () => this.saw(`${where} did not fail`, ''),
      (error: unknown) => this.saw(where, error),
    );
  }

  /** Every stored row, with all columns but those that are meant to hold secrets; with those too where they are sealed. */
  async sawRows(isSealed: boolean): Promise<void> {
    for (const { tableName } of this.rest.dataSource.entityMetadatas) {
      const rows = await this.rest.dataSource.query(`SELECT * FROM ${tableName}`);
      for (const row of rows) {
        const shown = Object.entries(row).filter(([name]) => isSealed || !SECRET_COLUMNS.includes(name));
        this.saw(`table ${tableName}`, JSON.stringify(shown));
      }
    }
  }

  /** The places in which a secret was found that must not be there. */
  leaks(): string[] {
    const spellings = [...[...this.issued].flatMap(spellingsOf), ...this.credentials];
    const arrivals = this.rest.receiver.arrivals.map(({ headers, ...arrival }) => ({
      where: 'request',
      // Who receives it is told who sends.
      text: JSON.stringify([arrival, { ...headers, authorization: undefined, 'x-api-key': undefined }]),
    }));
    const lines = this.logger.lines.map((text) => ({ where: 'log', text }));
    return [...this.seen, ...arrivals, ...lines]
      .filter(
        ({ text }) => /whsec_[\w+/=]{8}/.test(text) || spellings.some((spelling) => text.includes(spelling)),
      )
      .map(({ where, text }) => `${where}: ${text.slice(0, 300)}`);
  }

  get secrets(): number {
    return this.issued.size;
  }

  /** What was seen, for a test that makes sure that something was. */
  places(): string[] {
    return this.seen.map(({ where }) => where);
  }

  private call(method: string, path: string, body: unknown, account: string): Promise<RestAnswer> {
    return this.rest.call(method, `/api/webhooks${path}`, {
      headers: { 'x-account': account },
      ...(body === undefined ? {} : { body }),
    });
  }
}
