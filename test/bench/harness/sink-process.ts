// The customers: an HTTP/1.1 server that reads just enough of a request to answer it.
//
// It is never the bottleneck: a request costs it about 15 µs of CPU, so that it takes 60,000 a second on a core of its
// own, two to three times what `bare` sends. `throughput` prints the share of a core that it was busy for.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { clockMs } from './clock.js';
import { serve } from './rpc.js';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nOK');
const HEAD_END = '\r\n\r\n';

let count = 0;
let target: { readonly count: number; readonly reached: () => void } | undefined;
let times: [id: string, at: number][] | undefined;

function arrived(head: string): void {
  count++;
  times?.push([/\r\nwebhook-id: *(\S+)/i.exec(head)?.[1] ?? '', clockMs()]);
  if (target && count >= target.count) target.reached();
}

function converse(socket: Socket): void {
  let unread: Buffer | undefined;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    let bytes = unread ? Buffer.concat([unread, chunk]) : chunk;
    for (;;) {
      const end = bytes.indexOf(HEAD_END);
      if (end < 0) break;
      const head = bytes.toString('latin1', 0, end);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const next = end + HEAD_END.length + length;
      if (bytes.length < next) break;
      arrived(head);
      socket.write(ANSWER);
      bytes = bytes.subarray(next);
    }
    unread = bytes.length > 0 ? bytes : undefined;
  });
}

const commands = {
  listen: (): Promise<string> =>
    new Promise((resolve) => {
      const server = createServer(converse);
      server.listen(0, '127.0.0.1', 1_024, () => {
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      });
    }),
  /** Counts from zero. With `times` it notes when each request came, in the milliseconds of `clockMs`. */
  reset: (options: { times: boolean }): void => {
    count = 0;
    target = undefined;
    times = options.times ? [] : undefined;
  },
  /** Resolves when `count` requests have come since the reset. */
  arrived: (wanted: number): Promise<void> =>
    new Promise((resolve) => {
      target = { count: wanted, reached: resolve };
      if (count >= wanted) resolve();
    }),
  count: (): number => count,
  times: (): [id: string, at: number][] => times ?? [],
  cpuUs: (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};

export type SinkCommands = typeof commands;

serve(commands);
