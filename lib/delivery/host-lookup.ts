import dns, { type LookupAddress } from 'node:dns';
import type { HostLookup } from './guarded-connector.js';
import { HOSTS_FILE, HostsFile } from './hosts-file.js';

type Answer = { readonly addresses: LookupAddress[] } | { readonly error: NodeJS.ErrnoException };

export interface HostLookupOptions {
  /** Name servers, as `dns.setServers` takes them. Default: the system's, or those that the app has set. */
  readonly servers?: readonly string[];
  readonly hostsFile?: string;
  /** Looks up names that name servers don't know, one at a time. Default: `dns.lookup`. */
  readonly systemLookup?: HostLookup;
}

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** Once the addresses of one family are there, we wait this long for those of the other. */
const OTHER_FAMILY_MS = 500;
/** After this time, the system's name servers are read again: they may have changed. */
const RESOLVER_AGE_MS = 30_000;
/** The name server knows no such name, or there is no name server. */
const UNKNOWN_TO_DNS: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);
/** Names that are not looked up by DNS: RFC 6761 and RFC 6762. */
const LOCAL_NAME = /(^|\.)(localhost|local|test)\.?$/i;

const SERVERS_AT_START = dns.getServers().join();

/**
 * Looks up names without delaying others. `dns.lookup` blocks one of four threads while a name server is silent. The
 * app needs these threads for its own look-ups, files and cryptography: four such names would stop them all. So this
 * asks
 * the hosts file and then name servers, over sockets. Threads are used only for names that only the system knows
 * (search domains, mDNS, LDAP), one at a time.
 */
export function hostLookup(options: HostLookupOptions = {}): HostLookup {
  const hosts = new HostsFile(options.hostsFile ?? HOSTS_FILE);
  const ask = nameServers(options.servers);
  const askSystem = oneAtATime(options.systemLookup ?? dns.lookup);
  const running = new Map<string, Promise<Answer>>();

  const find = async (hostname: string): Promise<Answer> => {
    if (LOCAL_NAME.test(hostname)) return askSystem(hostname);
    const answer = await ask(hostname);
    return 'error' in answer && UNKNOWN_TO_DNS.has(answer.error.code) ? askSystem(hostname) : answer;
  };

  return (hostname, _options, callback) => {
    const listed = hosts.find(hostname);
    if (listed) {
      process.nextTick(callback, null, listed);
      return;
    }
    let answer = running.get(hostname);
    if (!answer) {
      // Requests to a name whose server is silent share one query.
      answer = find(hostname).finally(() => running.delete(hostname));
      running.set(hostname, answer);
    }
    void answer.then((found) =>
      // Outside the promise's callback, where a thrown error would be an unhandled rejection.
      process.nextTick(() =>
        'error' in found ? callback(found.error, []) : callback(null, found.addresses),
      ),
    );
  };
}

/** Asks for IPv4 and IPv6 addresses at once. Returns IPv4 first, since every host has it. */
function nameServers(servers: readonly string[] | undefined): (hostname: string) => Promise<Answer> {
  let resolver: dns.Resolver | undefined;
  let madeAt = -Infinity;

  const current = (): dns.Resolver => {
    if (resolver && performance.now() - madeAt < RESOLVER_AGE_MS) return resolver;
    resolver = new dns.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    const set = dns.getServers();
    if (servers) resolver.setServers(servers);
    else if (set.join() !== SERVERS_AT_START) resolver.setServers(set);
    madeAt = performance.now();
    return resolver;
  };

  return (hostname) =>
    new Promise((resolve) => {
      const found: Partial<Record<4 | 6, Answer>> = {};
      let timer: NodeJS.Timeout | undefined;
      const done = (): void => {
        clearTimeout(timer);
        const addresses = [found[4], found[6]].flatMap((each) =>
          each && 'addresses' in each ? each.addresses : [],
        );
        resolve(addresses.length > 0 ? { addresses } : (found[4] ?? { addresses }));
      };
      const answered = (family: 4 | 6, error: NodeJS.ErrnoException | null, texts: string[]): void => {
        found[family] = error ? { error } : { addresses: texts.map((address) => ({ address, family })) };
        if (found[4] && found[6]) done();
        else if (!error && texts.length > 0) timer = setTimeout(done, OTHER_FAMILY_MS);
      };
      const asked = current();
      asked.resolve4(hostname, (error, texts) => answered(4, error, texts));
      asked.resolve6(hostname, (error, texts) => answered(6, error, texts));
    });
}

function oneAtATime(lookup: HostLookup): (hostname: string) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  return (hostname) => {
    const answer = last.then(
      () =>
        new Promise<Answer>((resolve) =>
          lookup(hostname, { all: true, order: 'verbatim' }, (error, addresses) =>
            resolve(error ? { error } : { addresses }),
          ),
        ),
    );
    last = answer;
    return answer;
  };
}
