import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const CONFIG = `[ca]\ndefault_ca = test\n[test]\ndatabase = index.txt\nrand_serial = yes\nnew_certs_dir = .
default_md = sha256\npolicy = any\nunique_subject = no\n[any]\ncommonName = supplied
[req]\ndistinguished_name = name\n[name]\n[server]\nsubjectAltName = DNS:hooks.example.com\n`;

/** Self-signed certificates for hooks.example.com, created by OpenSSL. */
export function createCertificates(): Record<'valid' | 'expired', Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-tls-'));
  try {
    writeFileSync(join(folder, 'index.txt'), '');
    writeFileSync(join(folder, 'ca.cnf'), CONFIG);
    return {
      valid: certificate(folder, 'valid', ['-days', '2']),
      expired: certificate(folder, 'expired', [
        '-startdate',
        '20200101000000Z',
        '-enddate',
        '20200102000000Z',
      ]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Only `openssl ca` can create a certificate with dates in the past. */
function certificate(folder: string, name: string, dates: string[]): Certificate {
  const openssl = (...args: string[]): Buffer =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const [key, request, cert] = [`${name}.key`, `${name}.csr`, `${name}.crt`];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
  openssl('req', ...newKey, '-subj', '/CN=hooks.example.com', '-config', 'ca.cnf', '-out', request);
  const signed = ['-selfsign', '-batch', '-notext', '-config', 'ca.cnf', '-extensions', 'server', ...dates];
  openssl('ca', ...signed, '-keyfile', key, '-in', request, '-out', cert);
  return {
    key: readFileSync(join(folder, key), 'utf8'),
    cert: readFileSync(join(folder, cert), 'utf8'),
  };
}
