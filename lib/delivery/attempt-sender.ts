import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_INSTANCE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { allowedCustomHeaders } from '../domain/custom-headers.js';
import { ATTEMPT, type AttemptMessage } from '../domain/diagnostics.js';
import { OutageLog } from '../domain/outage-log.js';
import { parseUrl } from '../domain/parse-url.js';
import { liveSecrets } from '../domain/secret.js';
import { WebhookSigningError } from '../domain/signing/own-scheme.js';
import { signatureHeaders } from '../domain/signing/signature-scheme.js';
import { validTraceparent } from '../domain/traceparent.js';
import { JSON_TYPE, type Represented } from '../domain/representation/represented.js';
import { SecretSealer } from '../persistence/secret-sealer.js';
import type { LoadedDelivery, LoadedEndpoint } from '../domain/delivery.js';
import { PACKAGE_VERSION } from '../config/package-version.js';
import { AuthorizedSender, HIDDEN } from './authorized-sender.js';
import { ClientIdentities } from './client-identities.js';
import { FrozenBodies } from './frozen-bodies.js';
import { WebhookHttpClient } from './http-client.js';
import type { SendResult } from './http-exchange.js';
import { UNSENT, UNSIGNED, type SendError } from './send-error.js';

const USER_AGENT = `nestjs-webhooks/${PACKAGE_VERSION}`;

/** One request as it was made, with its result. */
export interface SentAttempt {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly result: SendResult;
}

/** Whether nothing of the request has left this process. */
export const isUnsent = ({ result }: SentAttempt): boolean => result.error?.code === UNSENT.code;

/** Signs and sends one request. */
@Injectable()
export class AttemptSender {
  private readonly signing = new OutageLog(new WebhooksLogger(), 'Requests can’t be signed');

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(SecretSealer) private readonly sealer: SecretSealer,
    @Inject(WebhookHttpClient) private readonly client: WebhookHttpClient,
    @Inject(WEBHOOKS_INSTANCE) private readonly instance: string,
    @Inject(FrozenBodies) private readonly bodies: FrozenBodies,
    @Inject(AuthorizedSender) private readonly authorized: AuthorizedSender,
    @Inject(ClientIdentities) private readonly identities: ClientIdentities,
  ) {}

  /** @throws WebhookSecretUnavailableError before anything is sent */
  send(delivery: LoadedDelivery, endpoint: LoadedEndpoint): Promise<SentAttempt> {
    return this.bodies.isPlain(delivery, endpoint)
      ? this.sendBody(delivery, endpoint)
      : this.sendRepresented(delivery, endpoint);
  }

  private async sendRepresented(delivery: LoadedDelivery, endpoint: LoadedEndpoint): Promise<SentAttempt> {
    const startedAt = this.clock.now();
    const made = await this.bodies.freeze(delivery, endpoint);
    if ('code' in made) return notSent(startedAt, made);
    return this.sendBody({ ...delivery, body: made.body }, endpoint, made);
  }

  private sendBody(
    delivery: LoadedDelivery,
    endpoint: LoadedEndpoint,
    made?: Represented,
  ): Promise<SentAttempt> {
    return ATTEMPT.hasSubscribers
      ? this.sendTold(delivery, endpoint, made)
      : this.sendOne(delivery, endpoint, made);
  }

  /** Ends the running requests. Those that were being sent get the error `interrupted`, the others `unsent`. */
  interrupt(): void {
    this.client.interrupt();
  }

  /** Sends, and reports it on the diagnostics channel. */
  private async sendTold(
    delivery: LoadedDelivery,
    endpoint: LoadedEndpoint,
    made?: Represented,
  ): Promise<SentAttempt> {
    const message = attemptMessage(this.instance, delivery, endpoint);
    let sent: SentAttempt | undefined;
    await ATTEMPT.tracePromise(async () => {
      const traceparent = this.config.telemetry.propagate ? validTraceparent(message.traceparent) : null;
      sent = await this.sendOne(delivery, endpoint, made, traceparent);
      const { status, error, durationMs } = sent.result;
      Object.assign(message, { statusCode: status, errorCode: error?.code ?? null, durationMs });
    }, message);
    return sent!;
  }

  private async sendOne(
    delivery: LoadedDelivery,
    endpoint: LoadedEndpoint,
    made?: Represented,
    traceparent: string | null = null,
  ): Promise<SentAttempt> {
    const startedAt = this.clock.now();
    const requestHeaders = this.signedHeaders(startedAt, delivery, endpoint, made);
    if (!requestHeaders) return notSent(startedAt, UNSIGNED);
    if (traceparent !== null) requestHeaders.traceparent = traceparent;
    const own = endpoint.clientCertificate;
    const request = {
      url: endpoint.url,
      headers: requestHeaders,
      body: delivery.body,
      ...(own === null ? {} : { identity: this.identities.of(delivery.endpointId, own) }),
    };
    if (endpoint.authorization !== null) {
      const sent = await this.authorized.send(delivery.endpointId, endpoint.authorization, request);
      const shown = { ...requestHeaders, [sent.header]: HIDDEN };
      return { startedAt, endedAt: this.clock.now(), requestHeaders: shown, result: sent.result };
    }
    const result = await this.client.send(request);
    return { startedAt, endedAt: this.clock.now(), requestHeaders, result };
  }

  /** `undefined` if a scheme of the app's own fails. The log says why, and the app is told of the attempt. */
  private signedHeaders(
    ...given: Parameters<AttemptSender['headersAt']>
  ): Record<string, string> | undefined {
    try {
      const headers = this.headersAt(...given);
      this.signing.worked();
      return headers;
    } catch (error) {
      if (!(error instanceof WebhookSigningError)) throw error;
      this.signing.failed(error, '');
      return undefined;
    }
  }

  /**
   * The headers of the next request of a delivery, signed now.
   * @param made the body with its own headers, unless the event's own body is sent
   * @throws WebhookSecretUnavailableError, WebhookSigningError
   */
  headersAt(
    now: number,
    delivery: Pick<LoadedDelivery, 'endpointId' | 'eventId' | 'body' | 'attemptCount'>,
    endpoint: Pick<LoadedEndpoint, 'url' | 'headers' | 'secrets'>,
    made?: Represented,
  ): Record<string, string> {
    const { signature } = this.config;
    const secrets = liveSecrets(this.sealer.open(delivery.endpointId, endpoint.secrets), now);
    // Assigned one by one: undici reads an object that was made by spreading several times slower.
    const headers = allowedCustomHeaders(endpoint.headers, signature.headerNames);
    if (made) Object.assign(headers, made.headers);
    headers['content-type'] = made?.contentType ?? JSON_TYPE;
    headers['user-agent'] = USER_AGENT;
    headers['x-webhook-attempt'] = String(delivery.attemptCount + 1);
    const request = {
      id: delivery.eventId,
      timestamp: Math.floor(now / 1_000),
      body: delivery.body,
      url: endpoint.url,
      headers,
    };
    return Object.assign(headers, signatureHeaders(signature.schemes, request, secrets));
  }
}

const notSent = (startedAt: number, error: SendError): SentAttempt => ({
  startedAt,
  endedAt: startedAt,
  requestHeaders: {},
  result: { status: null, headers: null, retryAfter: null, body: null, durationMs: 0, error },
});

const attemptMessage = (
  instance: string,
  delivery: LoadedDelivery,
  { url }: LoadedEndpoint,
): AttemptMessage => ({
  instance,
  deliveryId: delivery.id,
  eventId: delivery.eventId,
  eventType: delivery.eventType,
  endpointId: delivery.endpointId,
  tenant: delivery.tenant,
  test: delivery.test,
  attempt: delivery.attemptCount + 1,
  host: parseUrl(url)?.host ?? '',
  emitTraceparent: delivery.traceparent,
  traceparent: null,
  statusCode: null,
  errorCode: null,
  durationMs: null,
});
