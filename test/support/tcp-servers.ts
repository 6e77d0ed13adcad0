import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Certificate } from './certificates.js';

const cleanups: (() => Promise<unknown> | void)[] = [];

/** Runs `cleanup` when the test ends. The last added runs first. */
export const atEnd = (cleanup: () => Promise<unknown> | void): void => void cleanups.push(cleanup);

/** Call this in `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
}

/** The only request body that {@link rawServer} understands. */
export const REQUEST_BODY = '{"id":"evt_1"}';

export interface TestServer {
  readonly port: number;
  readonly url: string;
  readonly sockets: net.Socket[];
}

/** Listens on loopback until the test ends. */
export async function listen(server: net.Server): Promise<TestServer> {
  const sockets: net.Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/hook?token=SECRET`, sockets };
}

/** A TCP server that calls `onRequest` with its socket for each complete request. */
export async function rawServer(
  onRequest: (socket: net.Socket, count: number) => void,
): Promise<TestServer & { requests: () => number }> {
  let count = 0;
  const server = net.createServer((socket) => onRequests(socket, () => onRequest(socket, (count += 1))));
  return { ...(await listen(server)), requests: () => count };
}

/** The same over TLS. It records the requested server names. */
export async function tlsServer(
  onRequest: (socket: tls.TLSSocket, count: number) => void,
  options: Certificate & tls.TlsOptions,
): Promise<TestServer & { requests: () => number; names: unknown[] }> {
  let count = 0;
  const names: unknown[] = [];
  const server = tls.createServer(options, (socket) => {
    names.push(socket.servername);
    onRequests(socket, () => onRequest(socket, (count += 1)));
  });
  server.on('tlsClientError', () => {});
  return { ...(await listen(server)), requests: () => count, names };
}

function onRequests(socket: net.Socket, onRequest: () => void): void {
  let text = '';
  socket
    .on('error', () => {})
    .on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!text.endsWith(REQUEST_BODY)) return;
      text = '';
      onRequest();
    });
}

export const closed = (socket: net.Socket | undefined): Promise<unknown> =>
  new Promise((resolve) => (!socket || socket.destroyed ? resolve(null) : socket.once('close', resolve)));

export const answerOk = (socket: net.Socket): boolean =>
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

/** Writes a byte every `everyMs` until the other side disconnects. */
export function trickle(socket: net.Socket, byte: string, everyMs = 20): void {
  const timer = setInterval(() => socket.write(byte), everyMs);
  socket.once('close', () => clearInterval(timer));
}
