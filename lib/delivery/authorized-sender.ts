import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import {
  authorizationHeader,
  shownAuthorization,
  type EndpointAuthorization,
  type OAuth2Authorization,
} from '../domain/authorization.js';
import { SecretSealer } from '../persistence/secret-sealer.js';
import { AccessTokens } from './access-tokens.js';
import { WebhookHttpClient, type OutgoingRequest } from './http-client.js';
import type { SendResult } from './http-exchange.js';
import type { SendError } from './send-error.js';

/** The log shows this in place of a credential. */
export const HIDDEN = '(hidden)';

const UNAUTHORIZED = 401;

export interface AuthorizedResult {
  readonly result: SendResult;
  /** The header that carried the credential. */
  readonly header: string;
}

/** Sends a request with the authorization of its endpoint. */
@Injectable()
export class AuthorizedSender {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(SecretSealer) private readonly sealer: SecretSealer,
    @Inject(WebhookHttpClient) private readonly client: WebhookHttpClient,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
  ) {}

  /**
   * @param stored the endpoint's authorization, as it is stored @throws WebhookSecretUnavailableError before anything
   * is sent
   */
  async send(endpointId: string, stored: string, request: OutgoingRequest): Promise<AuthorizedResult> {
    const text = this.sealer.openText(endpointId, 'authorization', stored);
    const authorization = JSON.parse(text) as EndpointAuthorization;
    const header = authorizationHeader(shownAuthorization(authorization));
    const result =
      authorization.type === 'oauth2'
        ? await this.sendWithToken(keyOf(endpointId, stored), authorization, request)
        : await this.client.send(withHeader(request, header, credentialOf(authorization)));
    return { result, header };
  }

  /**
   * A kept token may have been revoked. If the receiver refuses it, sends the request once more with a new one. One
   * deadline covers everything.
   */
  private async sendWithToken(
    key: string,
    oauth: OAuth2Authorization,
    request: OutgoingRequest,
  ): Promise<SendResult> {
    const startedAt = performance.now();
    const left = (): number =>
      Math.max(1, Math.ceil(this.config.delivery.timeoutMs - (performance.now() - startedAt)));
    for (let isAgain = false; ; isAgain = true) {
      const token = await this.tokens.get(key, oauth, left());
      if ('error' in token) return noToken(token.error, startedAt);
      const result = await this.client.send({
        ...withHeader(request, 'authorization', `Bearer ${token.value}`),
        timeoutMs: left(),
      });
      if (result.status !== UNAUTHORIZED) return { ...result, durationMs: since(startedAt) };
      this.tokens.forget(key, token.value);
      if (token.isNew || isAgain) return { ...result, durationMs: since(startedAt) };
    }
  }
}

const withHeader = (request: OutgoingRequest, name: string, value: string): OutgoingRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

function credentialOf(authorization: Exclude<EndpointAuthorization, OAuth2Authorization>): string {
  if (authorization.type === 'apiKey') return authorization.value;
  if (authorization.type === 'bearer') return `Bearer ${authorization.token}`;
  const { username, password } = authorization;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Changes with the authorization. */
const keyOf = (endpointId: string, stored: string): string =>
  `${endpointId} ${createHash('sha256').update(stored).digest('base64')}`;

const noToken = (error: SendError, startedAt: number): SendResult => ({
  status: null,
  headers: null,
  retryAfter: null,
  body: null,
  durationMs: since(startedAt),
  error,
});

const since = (startedAt: number): number => Math.round(performance.now() - startedAt);
