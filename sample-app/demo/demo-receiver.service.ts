import { Inject, Injectable } from '@nestjs/common';
import type { Arrival, Failing, IncomingRequest } from './arrival.js';
import { DemoSecretsService } from './demo-secrets.service.js';
import { checkSignatures } from './check-signatures.js';

const ARRIVALS_KEPT = 200;
const RECEIVERS_KEPT = 20;

interface Receiver {
  readonly arrivals: Arrival[];
  lastNumber: number;
  failing: Failing;
}

/** Plays a customer's server: it verifies and stores requests, and fails on demand. */
@Injectable()
export class DemoReceiverService {
  private readonly receivers = new Map<string, Receiver>();

  constructor(@Inject(DemoSecretsService) private readonly secrets: DemoSecretsService) {}

  /** Returns the status of the response. */
  async receive(name: string, { headers, rawBody }: IncomingRequest): Promise<Arrival['answer']> {
    const secrets = await this.secrets.of(name);
    const receiver = this.receiver(name);
    const body = rawBody.toString('utf8');
    const answer = takeFailure(receiver) ? 500 : 200;
    const receivedAt = Date.now();
    receiver.lastNumber = Math.max(receiver.lastNumber + 1, receivedAt);
    receiver.arrivals.push({
      number: receiver.lastNumber,
      receivedAt,
      eventId: textOf(headers['webhook-id']),
      eventType: eventTypeOf(body),
      attempt: Number(headers['x-webhook-attempt']) || null,
      signatures: checkSignatures(rawBody, headers, secrets),
      answer,
      body,
    });
    if (receiver.arrivals.length > ARRIVALS_KEPT) receiver.arrivals.shift();
    return answer;
  }

  arrivals(name: string, after = 0): readonly Arrival[] {
    return this.receivers.get(name)?.arrivals.filter(({ number }) => number > after) ?? [];
  }

  failing(name: string): Failing {
    return this.receivers.get(name)?.failing ?? { times: 0, until: 0 };
  }

  fail(name: string, failing: Failing): void {
    this.receiver(name).failing = failing;
  }

  names(): string[] {
    return [...this.receivers.keys()];
  }

  private receiver(name: string): Receiver {
    const receiver = this.receivers.get(name) ?? {
      arrivals: [],
      lastNumber: 0,
      failing: { times: 0, until: 0 },
    };
    // The last in the map, so that the least recently used receiver is the first.
    this.receivers.delete(name);
    this.receivers.set(name, receiver);
    const [oldest] = this.receivers.keys();
    if (this.receivers.size > RECEIVERS_KEPT && oldest !== undefined) this.receivers.delete(oldest);
    return receiver;
  }
}

function takeFailure(receiver: Receiver): boolean {
  const { times, until } = receiver.failing;
  if (times > 0) receiver.failing = { times: times - 1, until };
  return times > 0 || until > Date.now();
}

function eventTypeOf(body: string): string | null {
  try {
    const { event_type: type } = JSON.parse(body) as { event_type?: unknown };
    return typeof type === 'string' ? type : null;
  } catch {
    return null;
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
