import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atEnd } from './tcp-servers.js';

/** Starts `flooding-server.mjs`, which runs until the test ends. Returns its URL. */
export async function floodingServer(): Promise<string> {
  const child = fork(fileURLToPath(new URL('./flooding-server.mjs', import.meta.url)));
  atEnd(() => {
    child.disconnect();
    return once(child, 'exit');
  });
  const [port] = (await once(child, 'message')) as [number];
  return `http://127.0.0.1:${port}`;
}
