import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { WebhookSecret } from '../domain/secret.js';
import { quoted } from '../domain/shown-text.js';
import { WebhooksError } from '../domain/webhooks.error.js';

/** A secret can't be opened: its key is missing, or the text was changed. Nothing is sent unsigned instead. */
export class WebhookSecretUnavailableError extends WebhooksError {
  readonly code = 'webhooks/secret-unavailable';

  constructor(
    readonly endpointId: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`The secret of endpoint ${endpointId} can't be opened: ${problem}`, options);
  }
}

const FORMAT = 'sealed:v1';
const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAX_CACHED = 10_000;

/** The other sealed texts of an endpoint. */
export type SealedText = 'authorization' | 'clientCertificate';

interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Encrypts the secrets of an endpoint in the database with AES-256-GCM. The first key seals, every key opens. The
 * endpoint's id is additional data, so that a ciphertext moved to another row does not open. Without keys, secrets are
 * stored as plain text.
 */
export class SecretSealer {
  private readonly keys: readonly SealingKey[];
  /** By endpoint: the stored text and what it contains. */
  private readonly opened = new Map<string, { stored: string; secrets: readonly WebhookSecret[] }>();

  /** @param keys 32 bytes each */
  constructor(keys: readonly Buffer[]) {
    this.keys = keys.map((bytes) => ({ id: keyId(bytes), bytes }));
  }

  seal(endpointId: string, secrets: readonly WebhookSecret[]): string {
    return this.sealBytes(endpointId, JSON.stringify(secrets));
  }

  /**
   * Seals another text of an endpoint. @param what the kind of text: sealed as one kind, it does not open as another
   */
  sealText(endpointId: string, what: SealedText, text: string): string {
    return this.sealBytes(`${endpointId} ${what}`, text);
  }

  /** @throws WebhookSecretUnavailableError */
  openText(endpointId: string, what: SealedText, stored: string): string {
    if (!stored.startsWith(`${FORMAT}:`)) return stored;
    return this.unseal(endpointId, stored, `${endpointId} ${what}`);
  }

  private sealBytes(context: string, text: string): string {
    const [key] = this.keys;
    if (!key) return text;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key.bytes, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${FORMAT}:${key.id}:${sealed.toString('base64')}`;
  }

  /** @throws WebhookSecretUnavailableError */
  open(endpointId: string, stored: string): readonly WebhookSecret[] {
    const known = this.opened.get(endpointId);
    if (known?.stored === stored) return known.secrets;
    const text = stored.startsWith(`${FORMAT}:`) ? this.unseal(endpointId, stored) : stored;
    const secrets = parseSecrets(endpointId, text);
    if (this.opened.size >= MAX_CACHED) this.opened.clear();
    this.opened.set(endpointId, { stored, secrets });
    return secrets;
  }

  /** True if `stored` is not sealed with the first key, so that it has to be sealed again. */
  isStale(stored: string): boolean {
    const [key] = this.keys;
    return key !== undefined && !stored.startsWith(`${FORMAT}:${key.id}:`);
  }

  private unseal(endpointId: string, stored: string, context = endpointId): string {
    const [id, payload = ''] = stored.slice(FORMAT.length + 1).split(':');
    const key = this.keys.find((candidate) => candidate.id === id);
    if (!key) {
      throw new WebhookSecretUnavailableError(
        endpointId,
        `encryption.keys lacks the key ${quoted(id!)} that sealed it. Add it to the list again.`,
      );
    }
    const sealed = Buffer.from(payload, 'base64');
    try {
      const decipher = createDecipheriv(ALGORITHM, key.bytes, sealed.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(-TAG_BYTES));
      return (
        decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch (error) {
      throw new WebhookSecretUnavailableError(endpointId, 'the stored value was changed.', { cause: error });
    }
  }
}

/** Identifies a key in what it sealed, without revealing anything of it. */
function keyId(bytes: Buffer): string {
  return createHash('sha256').update('nestjs-webhooks key').update(bytes).digest('hex').slice(0, 12);
}

/** Its errors never contain the text, not even the part that the parser would quote. */
function parseSecrets(endpointId: string, text: string): readonly WebhookSecret[] {
  const secrets = parse(text);
  if (Array.isArray(secrets) && secrets.length > 0 && secrets.every(isSecret)) return secrets;
  throw new WebhookSecretUnavailableError(endpointId, 'the stored value holds no list of secrets.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Refuses an empty value: it would sign, with a key that everybody knows. */
function isSecret(value: unknown): value is WebhookSecret {
  const { value: secret, createdAt, expiresAt } = Object(value) as Partial<Record<string, unknown>>;
  const isTime = typeof expiresAt === 'number' || expiresAt === null;
  return typeof secret === 'string' && secret.length > 0 && typeof createdAt === 'number' && isTime;
}
