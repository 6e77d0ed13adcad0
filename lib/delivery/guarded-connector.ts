import type { LookupAddress } from 'node:dns';
import { isIP, Socket, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressPolicy } from '../domain/address-policy.js';

/** The part of `dns.lookup` that is used: always asked for all addresses. */
export type HostLookup = (
  hostname: string,
  options: { all: true; order: 'verbatim' },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface GuardedConnectorOptions {
  readonly policy: AddressPolicy;
  readonly lookup: HostLookup;
  /** Certificates to trust instead of Node's, in PEM. */
  readonly ca?: string;
}

/** The host is, or resolves to, an address that the policy refuses. No connection was made. */
export class RefusedDestinationError extends Error {}

/** The host has no address, or none could be found out. */
export class NameLookupError extends Error {
  constructor(readonly code: string | undefined) {
    super('lookup failed');
  }
}

/** The TCP connection stood, and the TLS handshake on it failed. */
export class TlsHandshakeError extends Error {}

/** Returns the socket while it connects, so that the caller can end it, unless the address was refused. */
export type GuardedConnector = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
) => Socket | undefined;

const HAPPY_EYEBALLS_ATTEMPT_MS = 1_000;

/**
 * A connector for undici that only ever connects to addresses that the policy allows. A literal is judged before the
 * socket is made, since Node looks up names only; a name is resolved once, refused if any of its addresses is, and the
 * socket gets exactly the addresses that were judged.
 */
export function guardedConnector({ policy, lookup, ca }: GuardedConnectorOptions): GuardedConnector {
  const connect = buildConnector({
    lookup: guardedLookup(policy, lookup),
    autoSelectFamily: true,
    // Node's default of 250 ms gives up on every address of a far or busy host.
    autoSelectFamilyAttemptTimeout: HAPPY_EYEBALLS_ATTEMPT_MS,
    // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED can't turn it off for webhooks.
    rejectUnauthorized: true,
    // The caller's one deadline covers connecting.
    timeout: 0,
    ca,
  });
  return (options, callback) => {
    if (isIP(options.hostname) !== 0 && !policy.judge(options.hostname).allowed) {
      callback(new RefusedDestinationError(), null);
      return undefined;
    }
    return connectMarkingTls(connect, options, callback);
  };
}

function connectMarkingTls(
  connect: buildConnector.connector,
  options: buildConnector.Options,
  callback: buildConnector.Callback,
): Socket | undefined {
  const secure = options.protocol === 'https:';
  let reached = false;
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
      } else if (!addresses.every(({ address }) => policy.judge(address).allowed)) {
        callback(new RefusedDestinationError(), '', 0);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
