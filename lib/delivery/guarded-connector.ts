import type { LookupAddress } from 'node:dns';
import { isIP, Socket, type LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { ProxyConfig } from '../config/network-options.js';
import type { AddressPolicy } from '../domain/address-policy.js';
import type { ClientCertificate } from '../domain/client-certificate.js';
import { openTunnel, ProxyError } from './proxy-tunnel.js';
import { trustedCertificates } from './trusted-certificates.js';

/** The part of `dns.lookup` that we use: always asks for all addresses. */
export type HostLookup = (
  hostname: string,
  options: { all: true; order: 'verbatim' },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface GuardedConnectorOptions {
  readonly policy: AddressPolicy;
  readonly lookup: HostLookup;
  /** Certificates to trust in addition to Node's, in PEM. Default: none. */
  readonly ca?: readonly string[];
  /** Shown to servers that ask for a client certificate. Default: none. */
  readonly identity?: ClientCertificate | null;
  /** The proxy of all connections. Default: none. */
  readonly proxy?: ProxyConfig | null;
  /** Is told whether the proxy works. */
  readonly proxyHealth?: { failed(error: unknown): void; worked(): void };
}

/** The host is, or resolves to, an address that the policy refuses. No connection was made. */
export class RefusedDestinationError extends Error {}

/** The host has no address, or we could not find it out. */
export class NameLookupError extends Error {
  constructor(readonly code: string | undefined) {
    super('lookup failed');
  }
}

/** The TCP connection was open, but the TLS handshake on it failed. */
export class TlsHandshakeError extends Error {}

/** Returns the connecting socket, so that the caller can end it; nothing if the address was refused. */
export type GuardedConnector = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
) => Socket | undefined;

const HAPPY_EYEBALLS_ATTEMPT_MS = 1_000;

/**
 * A connector for undici that connects only to addresses that the policy allows. A literal address is judged before the
 * socket is made, since Node looks up only names. A name is resolved once and refused if any of its addresses is; the
 * socket gets exactly the judged addresses. A proxy gets one of them, and never a name.
 */
export function guardedConnector(options: GuardedConnectorOptions): GuardedConnector {
  const { policy, lookup, proxy } = options;
  const guarded = guardedLookup(policy, lookup);
  const connect = buildConnector({
    lookup: guarded,
    autoSelectFamily: true,
    // Node's default of 250 ms gives up on every address of a distant or busy host.
    autoSelectFamilyAttemptTimeout: HAPPY_EYEBALLS_ATTEMPT_MS,
    // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED can't turn the check off for webhooks.
    rejectUnauthorized: true,
    // The caller's deadline covers connecting.
    timeout: 0,
    ...secureContext(options),
  });
  return (target, callback) => {
    if (isIP(target.hostname) !== 0 && !policy.judge(target.hostname).allowed) {
      callback(new RefusedDestinationError(), null);
      return undefined;
    }
    if (!proxy) return connectMarkingTls(connect, target, callback);
    return connectThrough(proxy, { ...options, guarded, connect }, target, callback);
  };
}

/** Made once: reading Node's certificates takes longer than a handshake. */
function secureContext({ ca = [], identity }: GuardedConnectorOptions): { secureContext?: SecureContext } {
  if (ca.length === 0 && !identity) return {};
  const trusted = ca.length === 0 ? {} : { ca: trustedCertificates(ca) };
  return {
    secureContext: createSecureContext({ ...trusted, cert: identity?.certificate, key: identity?.key }),
  };
}

function connectThrough(
  proxy: ProxyConfig,
  {
    guarded,
    connect,
    lookup,
    proxyHealth,
  }: GuardedConnectorOptions & { guarded: LookupFunction; connect: buildConnector.connector },
  target: buildConnector.Options,
  callback: buildConnector.Callback,
): Socket {
  const socket = new Socket();
  const open = (address: string): void => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    openTunnel(socket, proxy, { address, port }, lookup, (error) => {
      if (error instanceof ProxyError) proxyHealth?.failed(error);
      else proxyHealth?.worked();
      if (error) callback(error, null);
      else if (target.protocol === 'https:')
        connectMarkingTls(connect, { ...target, httpSocket: socket }, callback);
      else callback(null, socket.setNoDelay(true).setKeepAlive(true));
    });
  };
  if (isIP(target.hostname) !== 0) open(target.hostname);
  else
    guarded(target.hostname, { all: true }, (error, addresses) => {
      if (socket.destroyed) return;
      if (error) callback(error, null);
      else open(oneOf(addresses as LookupAddress[]));
    });
  return socket;
}

/**
 * A proxy gets one address, of IPv4 if there is one, since every proxy's host has IPv4. Another attempt may get
 * another.
 */
function oneOf(addresses: readonly LookupAddress[]): string {
  const ipv4 = addresses.filter(({ family }) => family === 4);
  const usable = ipv4.length > 0 ? ipv4 : addresses;
  return usable[Math.floor(Math.random() * usable.length)]!.address;
}

function connectMarkingTls(
  connect: buildConnector.connector,
  options: buildConnector.Options,
  callback: buildConnector.Callback,
): Socket | undefined {
  const secure = options.protocol === 'https:';
  let reached = options.httpSocket !== undefined;
  const onDone: buildConnector.Callback = (...[error, socket]) => {
    if (socket) callback(null, socket);
    else callback(secure && reached ? new TlsHandshakeError('', { cause: error }) : (error as Error), null);
  };
  // RFC 6066 section 3: a server name has no trailing dot.
  const servername = isIP(options.hostname) === 0 ? options.hostname.replace(/\.$/, '') : undefined;
  // undici returns the socket, though its types do not say so.
  const socket: unknown = connect({ ...options, servername }, onDone);
  if (!(socket instanceof Socket)) return undefined;
  socket.once('connect', () => (reached = true));
  return socket;
}

function guardedLookup(policy: AddressPolicy, lookup: HostLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true, order: 'verbatim' }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) {
        callback(new NameLookupError(error?.code), '', 0);
      } else if (!addresses.every(({ address }) => policy.judge(address, hostname).allowed)) {
        callback(new RefusedDestinationError(), '', 0);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
