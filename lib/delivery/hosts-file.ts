import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import type { LookupAddress } from 'node:dns';

export const HOSTS_FILE =
  process.platform === 'win32'
    ? `${process.env.SystemRoot ?? String.raw`C:\Windows`}\\System32\\drivers\\etc\\hosts`
    : '/etc/hosts';

/**
 * The names of the system's hosts file, read again when the file has changed. Reads synchronously, since all of Node's
 * threads may be waiting for name servers.
 */
export class HostsFile {
  #changedAt = NaN;
  #addresses = new Map<string, LookupAddress[]>();

  constructor(private readonly path: string) {}

  find(hostname: string): LookupAddress[] | undefined {
    this.#refresh();
    return this.#addresses.get(hostname.toLowerCase().replace(/\.$/, ''));
  }

  #refresh(): void {
    try {
      const { mtimeMs } = statSync(this.path);
      if (mtimeMs === this.#changedAt) return;
      this.#addresses = parseHosts(readFileSync(this.path, 'utf8'));
      this.#changedAt = mtimeMs;
    } catch {
      // The file need not exist.
      this.#addresses = new Map();
      this.#changedAt = NaN;
    }
  }
}

function parseHosts(text: string): Map<string, LookupAddress[]> {
  const found = new Map<string, LookupAddress[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map((each) => each.toLowerCase())) {
      found.set(name, [...(found.get(name) ?? []), { address, family }]);
    }
  }
  return found;
}
