import { Inject, Injectable } from '@nestjs/common';
import { PACKAGE_VERSION } from '../config/package-version.js';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import type { OAuth2Authorization } from '../domain/authorization.js';
import type { WebhookClock } from '../domain/clock.js';
import { INTERRUPTED } from '../domain/outcome.js';
import { WebhookHttpClient } from './http-client.js';
import type { SendResult } from './http-exchange.js';
import { UNSENT, type SendError } from './send-error.js';

const MAX_ANSWER_BYTES = 32 * 1024;
const MAX_TOKEN_LENGTH = 16 * 1024;
/** RFC 6749, section 5.1: a server that does not state the lifetime should have documented it. */
const ASSUMED_LIFE_MS = 5 * 60_000;
const LONGEST_LIFE_MS = 24 * 3_600_000;
/**
 * A token is renewed this long before it ends, or after four fifths of its life if that is later: the request needs
 * time to arrive.
 */
const RENEWED_BEFORE_MS = 60_000;
const MOST_KEPT = 10_000;
/** RFC 6749, section 5.2. Other texts of the server are not shown. */
const ERRORS: ReadonlySet<unknown> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

export interface AccessToken {
  readonly value: string;
  /** Whether it was fetched for this call. */
  readonly isNew: boolean;
}

type Fetched = { readonly value: string; readonly renewAt: number } | { readonly error: SendError };

/** Access tokens of endpoints, each kept until shortly before it ends. Calls during a fetch wait for the same token. */
@Injectable()
export class AccessTokens {
  private readonly kept = new Map<string, { readonly value: string; readonly renewAt: number }>();
  private readonly fetches = new Map<string, Promise<Fetched>>();

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookHttpClient) private readonly client: WebhookHttpClient,
  ) {}

  /** @param key identifies the endpoint with its present authorization */
  async get(
    key: string,
    oauth: OAuth2Authorization,
    timeoutMs: number,
  ): Promise<AccessToken | { error: SendError }> {
    const kept = this.kept.get(key);
    if (kept && this.clock.now() < kept.renewAt) return { value: kept.value, isNew: false };
    let fetch = this.fetches.get(key);
    if (!fetch) {
      fetch = this.fetch(key, oauth, timeoutMs).finally(() => this.fetches.delete(key));
      this.fetches.set(key, fetch);
    }
    const fetched = await fetch;
    return 'error' in fetched ? fetched : { value: fetched.value, isNew: true };
  }

  /** Drops a token that the receiver refused, unless there is a newer one by now. */
  forget(key: string, value: string): void {
    if (this.kept.get(key)?.value === value) this.kept.delete(key);
  }

  private async fetch(key: string, oauth: OAuth2Authorization, timeoutMs: number): Promise<Fetched> {
    const askedAt = this.clock.now();
    const fetched = tokenIn(await this.client.send({ ...tokenRequest(oauth), timeoutMs }), askedAt);
    if ('error' in fetched) return fetched;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(key, fetched);
    return fetched;
  }
}

function tokenRequest(oauth: OAuth2Authorization): {
  url: string;
  headers: Record<string, string>;
  body: string;
  captureBytes: number;
} {
  const { tokenUrl, clientId, clientSecret, scope, audience, clientAuthentication = 'basic' } = oauth;
  const isBasic = clientAuthentication === 'basic';
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...(isBasic ? {} : { client_id: clientId, client_secret: clientSecret }),
  });
  const credentials = [clientId, clientSecret].map(formEncoded).join(':');
  return {
    url: tokenUrl,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': `nestjs-webhooks/${PACKAGE_VERSION}`,
      ...(isBasic ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
    },
    body: form.toString(),
    captureBytes: MAX_ANSWER_BYTES,
  };
}

/** RFC 6749, section 2.3.1 and appendix B. */
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

function tokenIn({ status, body, error }: SendResult, askedAt: number): Fetched {
  // Nothing has reached the receiver.
  if (error?.code === UNSENT.code || error?.code === INTERRUPTED) return { error: UNSENT };
  if (error) return failed(`could not be asked: ${error.message}`);
  const answer = parsed(body);
  if (status !== 200) {
    const code = ERRORS.has(answer.error) ? ` (${String(answer.error)})` : '';
    return failed(`answered ${status}${code}`);
  }
  const { access_token: value, token_type: type = 'bearer', expires_in: seconds } = answer;
  if (typeof value !== 'string' || value.length > MAX_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(value)) {
    return failed('answered without a token');
  }
  if (String(type).toLowerCase() !== 'bearer') return failed('gave a token that is not of type bearer');
  return { value, renewAt: askedAt + keptFor(seconds) };
}

function keptFor(seconds: unknown): number {
  const ms = Number(seconds) * 1_000;
  const life = Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_LIFE_MS) : ASSUMED_LIFE_MS;
  return life - Math.min(RENEWED_BEFORE_MS, life / 5);
}

const failed = (problem: string): { error: SendError } => ({
  error: { code: 'authorization', message: `The token server ${problem}`.slice(0, 500) },
});

function parsed(body: string | null): Record<string, unknown> {
  try {
    return Object(JSON.parse(body ?? '')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
