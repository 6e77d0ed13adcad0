import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

/** A received webhook, and whether the customer's own check accepted it. */
export interface CustomerArrival {
  readonly accepted: boolean;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A customer's server as the webhook guide describes it: Express, JSON, one header, one secret. */
export class SampleCustomer {
  readonly arrivals: CustomerArrival[] = [];
  /** The secret that the app showed when the customer added the webhook. */
  secret = '';
  private readonly news = new EventEmitter().setMaxListeners(0);

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<SampleCustomer> {
    const app = express();
    app.use(express.json());
    app.post('/webhooks', (request, response) => {
      const { id, event_type: type, data } = request.body;
      const accepted = customer.check(request.headers['x-roundabout-signature'], request.body);
      response.status(accepted ? 200 : 401).send();
      customer.arrivals.push({ accepted, headers: request.headers, id, type, data });
      customer.news.emit('arrival');
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const customer: SampleCustomer = new SampleCustomer(server, `http://127.0.0.1:${port}/webhooks`);
    return customer;
  }

  /** Resolves to the first arrival that matches, also one from before the call. */
  async arrival(matches: (arrival: CustomerArrival) => boolean): Promise<CustomerArrival> {
    for (;;) {
      const found = this.arrivals.find(matches);
      if (found) return found;
      await once(this.news, 'arrival');
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private check(signature: string | string[] | undefined, body: unknown): boolean {
    const expected = createHmac('sha256', this.secret).update(JSON.stringify(body)).digest('hex');
    if (typeof signature !== 'string' || signature.length !== expected.length) return false;
    return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  }
}
