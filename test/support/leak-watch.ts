import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { RecordingLogger } from './bare-app.js';
import type { RestAnswer, RestApp } from './rest-app.js';

/** A text that was seen, and the place. */
interface Sighting {
  readonly where: string;
  readonly text: string;
}

/** Every spelling in which a secret could appear. */
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

/** The columns for secrets, which are encrypted if the app has keys. */
const SECRET_COLUMNS = ['secrets', 'authorization_secret', 'certificate_secret'];

/** The spellings of a credential, which is a key in PEM or another text. */
function spellingsOfText(secret: string): string[] {
  if (secret.startsWith('-----BEGIN')) return spellingsOfKey(secret);
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), bytes.toString('base64').slice(0, -4)];
}

/** The spellings of a PEM key: its first line, and its private number. */
function spellingsOfKey(pem: string): string[] {
  const firstLine = pem.split('\n')[1]!;
  if (pem.includes('ENCRYPTED')) return [firstLine];
  const { d } = createPrivateKey(pem).export({ format: 'jwk' });
  const bytes = Buffer.from(d!, 'base64url');
  return [firstLine, d!, bytes.toString('base64'), bytes.toString('hex')];
}

/** Records everything that an app reveals, to search it for secrets later. */
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

  /** Adds credentials that the app knows. Only requests to their receiver may contain them. */
  guards(...credentials: readonly string[]): void {
    this.credentials.push(...credentials.flatMap(spellingsOfText));
  }

  /** Calls a route whose response must not contain a secret. */
  async ask(method: string, path: string, body?: unknown, account = 'acme'): Promise<RestAnswer> {
    const answer = await this.call(method, path, body, account);
    this.saw(`${method} ${path} ${answer.status}`, JSON.stringify([answer.headers, answer.text]));
    return answer;
  }

  /** Calls a route whose response contains secrets on purpose. */
  async askForSecret(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    const answer = await this.call(method, path, body, 'acme');
    for (const [secret] of answer.text.matchAll(/whsec_[\w+/=]+/g)) this.issued.add(secret);
    return answer;
  }

  /** Also searches the error that the work throws. */
  async failing(where: string, work: () => Promise<unknown>): Promise<void> {
    await work().then(
      () => this.saw(`${where} did not fail`, ''),
      (error: unknown) => this.saw(where, error),
    );
  }

  /**
   * Searches every stored row, except for the columns for secrets. If those are encrypted, they are searched,
   * too.
   */
  async sawRows(isSealed: boolean): Promise<void> {
    for (const { tableName } of this.rest.dataSource.entityMetadatas) {
      const rows = await this.rest.dataSource.query(`SELECT * FROM ${tableName}`);
      for (const row of rows) {
        const shown = Object.entries(row).filter(([name]) => isSealed || !SECRET_COLUMNS.includes(name));
        this.saw(`table ${tableName}`, JSON.stringify(shown));
      }
    }
  }

  /** The places in which a secret was found, and must not be. */
  leaks(): string[] {
    const spellings = [...[...this.issued].flatMap(spellingsOf), ...this.credentials];
    const arrivals = this.rest.receiver.arrivals.map(({ headers, ...arrival }) => ({
      where: 'request',
      // The receiver is supposed to get these credentials.
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

  /** The places that were searched, so that a test can check that there were some. */
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
