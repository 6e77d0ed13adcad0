import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The error with which the server responds, and whether it then closes the connection. */
export interface Refusal {
  readonly code: string;
  readonly closes?: boolean;
}

export interface NamelessPooler {
  readonly url: string;
  /** The number of named statements that it has refused. */
  refused(): number;
  stop(): Promise<void>;
}

/** A server in front of PostgreSQL that refuses named statements, as some poolers do. */
export async function namelessPooler(target: string, refusal: Refusal): Promise<NamelessPooler> {
  const { hostname, port } = new URL(target);
  let refused = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    let skipsToSync = false;
    eachMessage(client, (type, message) => {
      if (skipsToSync) {
        if (type !== 'S') return;
        skipsToSync = false;
        client.write(READY);
      } else if (type === 'P' && message[5] !== 0) {
        refused++;
        skipsToSync = true;
        client.write(errorMessage(refusal));
        if (refusal.closes) client.end();
      } else {
        upstream.write(message);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    refused: () => refused,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Calls `handle` with each complete message. The first message of a connection has no type. */
function eachMessage(socket: Socket, handle: (type: string, message: Buffer) => void): void {
  let buffered = Buffer.alloc(0);
  let isFirst = true;
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const head = isFirst ? 0 : 1;
      if (buffered.length < head + 4) return;
      const end = head + buffered.readInt32BE(head);
      if (buffered.length < end) return;
      const message = buffered.subarray(0, end);
      buffered = buffered.subarray(end);
      const type = isFirst ? '' : String.fromCharCode(message[0]!);
      isFirst = false;
      handle(type, message);
    }
  });
}

function errorMessage({ code, closes }: Refusal): Buffer {
  const fields = Buffer.from(`S${closes ? 'FATAL' : 'ERROR'}\0C${code}\0Mno named statements here\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
