import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/** Exists from Node 22.15 on. */
const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };

/** The certificates to trust if the app has authorities of its own: these and all that Node trusts. */
export const trustedCertificates = (own: readonly string[]): string[] => [
  ...(getCACertificates?.('default') ?? [...tls.rootCertificates, ...extraCertificates()]),
  ...own,
];

/** Node reads the file at its start, and warns if it can't. */
function extraCertificates(): string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (!file) return [];
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
