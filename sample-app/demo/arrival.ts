import type { ReceivedWebhookHeaders } from 'nestjs-webhooks/receiver';

/** A request to the demo receiver. */
export interface IncomingRequest {
  readonly headers: ReceivedWebhookHeaders & Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody: Buffer;
}

/** A request as the page shows it. */
export interface Arrival {
  /** Increases, also after a restart: the page asks for those after the last one that it has. */
  readonly number: number;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly attempt: number | null;
  /** `null`: this receiver has no secret. */
  readonly signatures: { readonly hex: boolean | null; readonly standard: boolean | null };
  readonly answer: 200 | 500;
  readonly body: string;
}

/** How a receiver should fail; both are 0 if it should not. */
export interface Failing {
  readonly times: number;
  /** Epoch ms. */
  readonly until: number;
}
