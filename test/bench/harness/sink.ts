import { Remote } from './rpc.js';
import type { SinkCommands } from './sink-process.js';

const SCRIPT = new URL('./sink-process.js', import.meta.url);

/** The process that receives what all subjects send. */
export class Sink {
  private constructor(
    readonly url: string,
    readonly remote: Remote<SinkCommands>,
  ) {}

  static async start(): Promise<Sink> {
    const remote = Remote.fork<SinkCommands>(SCRIPT);
    return new Sink(await remote.call('listen'), remote);
  }

  /** @throws Error when they have not come within `withinMs` */
  async arrived(count: number, withinMs: number): Promise<void> {
    const late = Symbol('late');
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => (timer = setTimeout(resolve, withinMs, late)));
    const first = await Promise.race([this.remote.call('arrived', count), timeout]);
    clearTimeout(timer);
    if (first !== late) return;
    throw new Error(`${await this.remote.call('count')} of ${count} requests came within ${withinMs} ms.`);
  }
}
