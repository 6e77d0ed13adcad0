import type { BenchOptions } from '../options.js';
import { redisCpuUs } from './bench-database.js';
import { RedisStats } from './redis-stats.js';
import { Sink } from './sink.js';
import type { Subject } from './subject.js';

/** What a subject and all that serve it have used; CPU time in µs, `undefined` where it can't be known. */
export interface Counters {
  readonly nodeUs: number;
  readonly redisUs: number | undefined;
  readonly databaseUs: number | undefined;
  readonly sinkUs: number;
  readonly statements: number;
  readonly redisCommands: number;
}

/** What all sections share. */
export class Bench {
  private constructor(
    readonly options: BenchOptions,
    readonly sink: Sink,
    readonly redis: RedisStats,
  ) {}

  static async start(options: BenchOptions): Promise<Bench> {
    return new Bench(options, await Sink.start(), new RedisStats());
  }

  async counters(subject: Subject): Promise<Counters> {
    const { cpuUs, statements } = await subject.usage();
    return {
      nodeUs: cpuUs,
      redisUs: redisCpuUs(),
      databaseUs: subject.database?.cpuUs(),
      sinkUs: await this.sink.remote.call('cpuUs'),
      statements,
      redisCommands: await this.redis.commands(),
    };
  }

  async stop(): Promise<void> {
    this.redis.close();
    await this.sink.remote.end();
  }
}

/** What was used between two readings, for each of `count`. */
export function usedEach(before: Counters, after: Counters, count: number): Counters {
  const each = (name: keyof Counters): number | undefined => {
    const [from, to] = [before[name], after[name]];
    return from === undefined || to === undefined ? undefined : (to - from) / count;
  };
  return {
    nodeUs: each('nodeUs')!,
    redisUs: each('redisUs'),
    databaseUs: each('databaseUs'),
    sinkUs: each('sinkUs')!,
    statements: each('statements')!,
    redisCommands: each('redisCommands')!,
  };
}
