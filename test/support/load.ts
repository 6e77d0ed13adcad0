import type { ServerResponse } from 'node:http';
import type { Arrival } from './receiver.js';
import type { SendingApp } from './sending-app.js';

/** The tenant whose endpoint fails. The endpoints of `tenant-1` and all others work. */
export const BAD_TENANT = 'tenant-0';

const EVENTS_PER_SECOND = 200;
const TICK_MS = 25;

/** Emits events for tenants in turn, at a steady rate, and measures how long they take to arrive. */
export class Load {
  private latencies: number[] = [];
  private expected = 0;
  private whenComplete: (() => void) | undefined;
  bad: (response: ServerResponse) => void = (response) => response.writeHead(200).end();

  constructor(
    private readonly t: SendingApp,
    private readonly tenants: number,
  ) {
    t.receiver.answer = (arrival, response) => this.arrived(arrival, response);
  }

  async endpoints(): Promise<string> {
    const { id } = await this.t.endpoint({ tenant: BAD_TENANT, url: `${this.t.receiver.url}/bad` });
    for (let n = 1; n < this.tenants; n++) await this.t.endpoint({ tenant: `tenant-${n}` });
    return id;
  }

  /** The 95th percentile of ms from emit to arrival, without the events of the failing endpoint. */
  async p95(seconds: number): Promise<number> {
    this.latencies = [];
    this.expected = 0;
    const events = seconds * EVENTS_PER_SECOND;
    const start = performance.now();
    for (let emitted = 0; emitted < events;) {
      const due = Math.min(events, Math.ceil(((performance.now() - start) * EVENTS_PER_SECOND) / 1_000));
      for (; emitted < due; emitted++) void this.emit(`tenant-${emitted % this.tenants}`);
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    const complete = new Promise<void>((resolve) => (this.whenComplete = resolve));
    this.check();
    await complete;
    return this.latencies.toSorted((a, b) => a - b)[Math.floor(this.latencies.length * 0.95)]!;
  }

  private async emit(tenant: string): Promise<void> {
    const at = performance.now();
    if (tenant !== BAD_TENANT) this.expected++;
    await this.t.webhooks.emit('post.published', { at }, { tenant });
  }

  private arrived({ path, body }: Arrival, response: ServerResponse): void {
    if (path === '/bad') return this.bad(response);
    const { data } = JSON.parse(body) as { data: { at: number } };
    this.latencies.push(performance.now() - data.at);
    response.writeHead(200).end();
    this.check();
  }

  private check(): void {
    if (this.latencies.length >= this.expected) this.whenComplete?.();
  }
}
