import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux has fixed for what it shows in /proc. */
const TICK_US = 10_000;

/**
 * CPU time in µs of a server's process and its children, those that have ended included; `undefined` where there is no
 * /proc, or the server is not ours. A server of threads is one process.
 */
export function serverCpuUs(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  // The last two count the children that have ended.
  const own = ticks(pid).reduce((sum, value) => sum + value, 0);
  const running = children.reduce((sum, child) => sum + ownTicks(Number(child)), 0);
  return (own + running) * TICK_US;
}

function ownTicks(pid: number): number {
  try {
    const [user = 0, system = 0] = ticks(pid);
    return user + system;
  } catch {
    // It has ended since.
    return 0;
  }
}

/** utime, stime, cutime and cstime of proc(5). The name before them is in brackets and may hold spaces. */
function ticks(pid: number): number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).map(Number);
}
