import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const LOCAL = '127.0.0.1';

/** Ports that are free now, each a different one. */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => listening(0, LOCAL)));
  return Promise.all(servers.map(closed));
}

/** Whether nothing listens on the port, on any address of this machine. */
export async function isFree(port) {
  try {
    await closed(await listening(port));
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Polls until `ready()` is true. Resolves to false when the deadline passes first, or as soon as `gaveUp()` is true. */
export async function waitUntil(ready, { timeoutMs, gaveUp = () => false }) {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !gaveUp()) {
    if (await ready()) return true;
    await sleep(50);
  }
  return false;
}

/**
 * Connects, sends `hello` and resolves to the first bytes of the answer, or to undefined when there is none. With no
 * `hello` a connection is enough, unless `listen` is set: then the server speaks first.
 */
export function firstBytes(
  port,
  { host = LOCAL, hello, listen = hello !== undefined, timeoutMs = 1_000 } = {},
) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (bytes) => {
      socket.destroy();
      resolve(bytes);
    };
    socket.setTimeout(timeoutMs, () => done());
    socket.once('error', () => done());
    socket.once('close', () => done());
    socket.once('data', done);
    socket.once('connect', () => {
      if (hello !== undefined) socket.write(hello);
      if (!listen) done(Buffer.alloc(0));
    });
  });
}

function listening(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function closed(server) {
  const { port } = server.address();
  return new Promise((resolve) => {
    server.close(() => resolve(port));
  });
}
