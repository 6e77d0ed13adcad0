import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/** From Node 22.15 on. */
const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };

/** What is trusted where an app has authorities of its own: theirs, and all that Node trusts. */
export const trustedCertificates = (own: readonly string[]): string[] => [
  ...(getCACertificates?.('default') ?? [...tls.rootCertificates, ...extraCertificates()]),
  ...own,
];

/** Node reads the file at its start, and warns where it can't. */
function extraCertificates(): string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (!file) return [];
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
