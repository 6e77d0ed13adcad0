import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

/** A webhook that the customer's own check has accepted, or not. */
export interface CustomerArrival {
  readonly accepted: boolean;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A customer's server, written as the webhook guide tells customers to: Express, JSON, one header, one secret. */
export class SampleCustomer {
  readonly arrivals: CustomerArrival[] = [];
  /** What it was shown when it added its webhook. */
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

  /** The first arrival that matches, which may be there already. */
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
