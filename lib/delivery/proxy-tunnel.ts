import type { LookupAddress } from 'node:dns';
import { isIPv6, type LookupFunction, type Socket } from 'node:net';
import type { ProxyConfig } from '../config/network-options.js';
import type { HostLookup } from './guarded-connector.js';

const END_OF_HEAD = '\r\n\r\n';
const MAX_HEAD_BYTES = 16 * 1024;
const STATUS = /^HTTP\/1\.[01] (\d{3})(?: |\r)/;
/** The proxy works, but the destination does not answer it. */
const UNREACHED: ReadonlySet<number> = new Set([502, 503, 504]);

/** The proxy opened no tunnel. Nothing of a request has left. The message is for operators. */
export class ProxyError extends Error {}

/** The proxy could not connect to the receiver. */
export class UnreachedThroughProxyError extends Error {}

/**
 * Connects `socket` to a proxy and makes it open a tunnel to an address (CONNECT: RFC 9110, section 9.3.6). Never to a
 * name, which the proxy would look up itself. Calls `done` once. Then the socket is the tunnel, or closed.
 */
export function openTunnel(
  socket: Socket,
  { host, port, authorization }: ProxyConfig,
  target: { readonly address: string; readonly port: number },
  lookup: HostLookup,
  done: (error?: Error) => void,
): void {
  let head = '';
  const settle = (error?: Error): void => {
    socket.off('data', onData).off('error', onError).off('close', onClose);
    socket.pause();
    if (error) {
      // Further data of the proxy does not matter.
      socket.on('error', () => undefined).destroy();
    }
    done(error);
  };
  const onError = (error: NodeJS.ErrnoException): void => settle(new ProxyError(error.code ?? error.message));
  const onClose = (): void => settle(new ProxyError('it closed the connection before it opened a tunnel'));
  const onData = (chunk: Buffer): void => {
    head += chunk.toString('latin1');
    const end = head.indexOf(END_OF_HEAD);
    if (end >= 0) settle(answerProblem(head, end));
    else if (head.length > MAX_HEAD_BYTES) settle(new ProxyError('its answer to CONNECT does not end'));
  };
  socket.on('data', onData).on('error', onError).on('close', onClose);
  socket.once('connect', () => socket.write(connectRequest(target, authorization)));
  socket.connect({ host, port, lookup: unguarded(lookup), autoSelectFamily: true });
}

function connectRequest(
  { address, port }: { address: string; port: number },
  authorization: string | null,
): string {
  const authority = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
  return [
    `CONNECT ${authority} HTTP/1.1`,
    `host: ${authority}`,
    ...(authorization === null ? [] : [`proxy-authorization: ${authorization}`]),
    END_OF_HEAD.slice(2),
  ].join('\r\n');
}

function answerProblem(head: string, end: number): Error | undefined {
  const [, code] = STATUS.exec(head) ?? [];
  if (code === undefined) return new ProxyError('its answer to CONNECT is not HTTP');
  const status = Number(code);
  if (UNREACHED.has(status)) return new UnreachedThroughProxyError();
  if (status === 407) return new ProxyError('it wants other credentials (407)');
  if (status < 200 || status > 299) return new ProxyError(`it refuses to connect (${status})`);
  // Data beyond the head can't come from the receiver: nobody has sent it a request.
  return head.length > end + END_OF_HEAD.length
    ? new ProxyError('it sent more than its answer to CONNECT')
    : undefined;
}

/** The proxy is not judged: the app chose its address, even in a private network. */
function unguarded(lookup: HostLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true, order: 'verbatim' }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error || !first) callback(error ?? new Error('no address'), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
