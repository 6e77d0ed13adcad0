import type { ReceivedWebhookHeaders } from 'nestjs-webhooks/receiver';

/** A request to the demo receiver. */
export interface IncomingRequest {
  readonly headers: ReceivedWebhookHeaders & Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody: Buffer;
}

/** What the page shows of a request. */
export interface Arrival {
  /** Rising, across restarts too: the page asks for those after the last one that it has. */
  readonly number: number;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly attempt: number | null;
  /** `null`: no secret is known for this receiver. */
  readonly signatures: { readonly hex: boolean | null; readonly standard: boolean | null };
  readonly answer: 200 | 500;
  readonly body: string;
}

/** How a receiver was told to fail; both are 0 where it was not. */
export interface Failing {
  readonly times: number;
  /** Epoch ms. */
  readonly until: number;
}
