import { Redis } from 'ioredis';

/** The server that all subjects share. */
export class RedisStats {
  private readonly client = new Redis(process.env.TEST_REDIS_URL!);

  /** Commands since the server started, those within its scripts included, and our own INFO. */
  async commands(): Promise<number> {
    const stats = await this.client.info('commandstats');
    return [...stats.matchAll(/:calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0);
  }

  async usedMib(): Promise<number> {
    const memory = await this.client.info('memory');
    return Number(/used_memory:(\d+)/.exec(memory)![1]) / 2 ** 20;
  }

  close(): void {
    this.client.disconnect();
  }
}
