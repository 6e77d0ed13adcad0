import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OwnAuthority {
  /** The authority's certificate in PEM. */
  readonly ca: string;
  /** The certificate and key of 127.0.0.1. */
  readonly server: { readonly certificate: string; readonly key: string };
  readonly ada: OwnAuthority['server'];
  readonly ben: OwnAuthority['server'];
  /** Ada's key, encrypted. */
  readonly lockedKey: string;
}

/** Creates our own certificate authority with a server and two clients, by OpenSSL. */
export function ownAuthority(): OwnAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-authority-'));
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const issue = (name: string): OwnAuthority['server'] => {
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    writeFileSync(join(folder, 'san'), 'subjectAltName = IP:127.0.0.1\n');
    const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-out', `${name}.crt`);
    return { certificate: read(`${name}.crt`), key: read(`${name}.key`) };
  };
  try {
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      'ca.key',
      '-subj',
      '/CN=Our own',
      '-days',
      '2',
      '-out',
      'ca.crt',
    );
    const [server, ada, ben] = [issue('server'), issue('ada'), issue('ben')];
    openssl('pkcs8', '-topk8', '-in', 'ada.key', '-passout', 'pass:x', '-out', 'locked.key');
    return { ca: read('ca.crt'), server, ada, ben, lockedKey: read('locked.key') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
