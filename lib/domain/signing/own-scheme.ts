import { dropPromise } from '../drop-promise.js';
import { quoted, thrownText } from '../shown-text.js';
import { WebhooksError } from '../webhooks.error.js';
import type { LiveSecrets, SignatureHeader, SignatureScheme, SigningRequest } from './signature-scheme.js';

/** A scheme of the app's own failed. Nothing was sent. */
export class WebhookSigningError extends WebhooksError {
  readonly code = 'webhooks/signing-failed';

  constructor(
    readonly scheme: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`The signature scheme ${quoted(scheme)} ${problem}`, options);
  }
}

/** What the app's own scheme signs. */
export interface OwnSigningRequest extends SigningRequest {
  /** The secrets that sign now, the newest first; at least one. */
  readonly secrets: readonly string[];
}

export interface OwnSchemeOptions {
  /** Its name in messages. */
  readonly name: string;
  /** The headers that it sends, each with a description for the customers' documents. */
  readonly headers: Readonly<Record<string, string>>;
  /** Returns the values of the headers. Runs for every attempt, synchronously: slow work blocks the worker. */
  readonly sign: (request: OwnSigningRequest) => Readonly<Record<string, string>>;
}

const MAX_VALUE = 4_096;
const VALUE = /^[!-~]([ -~]*[!-~])?$/;

/** Guards a scheme of the app's own: whatever it does, it can neither add other headers nor stop a worker. */
export class OwnScheme implements SignatureScheme {
  readonly kind = 'own';
  readonly headers: readonly SignatureHeader[];

  constructor(private readonly options: OwnSchemeOptions) {
    this.headers = Object.entries(options.headers).map(([name, description]) => ({
      name: name.toLowerCase(),
      description,
    }));
  }

  /** @throws WebhookSigningError */
  sign(request: SigningRequest, secrets: LiveSecrets): Record<string, string> {
    const { name, sign } = this.options;
    let signed: unknown;
    try {
      signed = sign({
        ...request,
        headers: { ...request.headers },
        secrets: secrets.map(({ value }) => value),
      });
    } catch (cause) {
      throw new WebhookSigningError(name, `failed: ${thrownText(cause)}`, { cause });
    }
    return this.checked(signed);
  }

  private checked(signed: unknown): Record<string, string> {
    const fail = (problem: string): never => {
      throw new WebhookSigningError(this.options.name, problem);
    };
    const isLate = dropPromise(signed);
    if (typeof signed !== 'object' || signed === null || isLate)
      return fail(`must give an object of headers at once, got ${isLate ? 'a promise' : typeof signed}.`);
    const given = new Map(
      Object.entries(signed).map(([name, value]) => [name.toLowerCase(), value as unknown]),
    );
    const headers: Record<string, string> = {};
    for (const { name } of this.headers) {
      const value = given.get(name);
      if (typeof value !== 'string' || value.length > MAX_VALUE || !VALUE.test(value)) {
        return fail(`must give ${name} a text of at most ${MAX_VALUE} printable ASCII characters.`);
      }
      given.delete(name);
      headers[name] = value;
    }
    const [other] = given.keys();
    return other === undefined
      ? headers
      : fail(`gave the header ${quoted(other)}, which is not among its headers.`);
  }
}
