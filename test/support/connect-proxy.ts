import http from 'node:http';
import net from 'node:net';
import { listen, type TestServer } from './tcp-servers.js';

export interface ConnectProxy extends TestServer {
  /** The requested authorities, such as `127.0.0.1:8080`, with the headers. */
  readonly asked: { readonly authority: string; readonly headers: http.IncomingHttpHeaders }[];
  readonly config: { readonly host: string; readonly port: number; readonly authorization: null };
  /** Closes all connections through the proxy. */
  cut(): void;
}

/**
 * Starts a real HTTP proxy, which runs until the test ends.
 * @param answer returns the status for CONNECT, `die` to hang up, or `half` to hang up within the answer
 */
export async function connectProxy(
  answer: (headers: http.IncomingHttpHeaders) => number | 'die' | 'half' = () => 200,
): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = [];
  const tunnels = new Set<net.Socket>();
  const server = http.createServer();
  server.on('connect', (request, socket: net.Socket) => {
    asked.push({ authority: request.url!, headers: request.headers });
    const status = answer(request.headers);
    if (status === 'die') return void socket.destroy();
    if (status === 'half') return void socket.end('HTTP/1.1 200 Conn');
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const [host, port] = request.url!.split(':') as [string, string];
    const upstream = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    tunnels.add(socket);
    for (const end of [socket, upstream]) {
      end.on('error', () => undefined).on('close', () => [socket, upstream].forEach((one) => one.destroy()));
    }
    upstream.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  const listening = await listen(server);
  return {
    ...listening,
    asked,
    config: { host: '127.0.0.1', port: listening.port, authorization: null },
    cut: () => tunnels.forEach((socket) => socket.destroy()),
  };
}
