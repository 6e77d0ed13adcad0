import { fieldProblem, type AnyCoded } from './field-problems.js';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { WebhookFieldProblem } from './webhooks.error.js';

/** The certificate that a client shows in a TLS handshake, in PEM. */
export interface ClientCertificate {
  /** Followed by the intermediate certificates, if there are any. */
  readonly certificate: string;
  /** Not encrypted. */
  readonly key: string;
}

/** What customers see of it. */
export interface ShownCertificate {
  subject: string;
  issuer: string;
  /** ISO 8601. */
  expiresAt: string;
  /** SHA-256, in hex with colons. */
  fingerprint: string;
}

const MOST_CHARACTERS = 32_768;
const FIELDS = ['certificate', 'key'] as const;

/**
 * Lists what is wrong with a pair. No message contains any part of it. @param field such as `clientCertificate` @param
 * now epoch ms
 */
export function certificateProblems(field: string, given: unknown, now: number): WebhookFieldProblem[] {
  const problem = (name: string, message: string, ...coded: AnyCoded): WebhookFieldProblem[] => {
    const path = name === '' ? field : `${field}.${name}`;
    return [fieldProblem(path, `${path} ${message}`, ...coded)];
  };
  const most = MOST_CHARACTERS;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return problem('', 'must be an object with a certificate and its key, or null.', 'not-object');
  }
  const unknown = Object.keys(given).find((name) => !FIELDS.includes(name as (typeof FIELDS)[number]));
  if (unknown !== undefined) {
    const name = unknown.slice(0, 40);
    return problem(name, 'is not known: there are certificate and key.', 'unknown-field', { name });
  }
  const { certificate, key } = given as Record<(typeof FIELDS)[number], unknown>;
  if (!isPem(certificate)) {
    const text = `must be a certificate in PEM, of at most ${most} characters.`;
    return problem('certificate', text, 'certificate-not-pem', { most });
  }
  if (!isPem(key)) {
    const text = `must be a private key in PEM, of at most ${most} characters.`;
    return problem('key', text, 'key-not-pem', { most });
  }
  const read = attempt(() => new X509Certificate(certificate));
  if (!read)
    return problem('certificate', 'can not be read as a certificate in PEM.', 'certificate-unreadable');
  const readKey = attempt((): KeyObject => createPrivateKey(key));
  if (!readKey) {
    const text = 'can not be read as a private key in PEM that is not encrypted.';
    return problem('key', text, 'key-unreadable');
  }
  if (!read.checkPrivateKey(readKey))
    return problem('key', 'is not the key of the certificate.', 'key-of-another');
  if (Date.parse(read.validTo) <= now) {
    const expiredAt = expiryOf(read);
    return problem('certificate', `has expired on ${expiredAt}.`, 'certificate-expired', { expiredAt });
  }
  if (!attempt(() => createSecureContext({ cert: certificate, key }))) {
    const text = 'can not be used for TLS: its key or its signature may be too weak.';
    return problem('certificate', text, 'certificate-weak');
  }
  return [];
}

export function shownCertificate({ certificate }: ClientCertificate): ShownCertificate {
  const read = new X509Certificate(certificate);
  return {
    subject: inOneLine(read.subject),
    issuer: inOneLine(read.issuer),
    expiresAt: expiryOf(read),
    fingerprint: read.fingerprint256,
  };
}

const isPem = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= MOST_CHARACTERS && text.includes('-----BEGIN ');

const expiryOf = ({ validTo }: X509Certificate): string => new Date(validTo).toISOString();

/** Node writes each attribute on a line of its own. */
const inOneLine = (name: string): string => name.split('\n').join(', ').slice(0, 500);

function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
