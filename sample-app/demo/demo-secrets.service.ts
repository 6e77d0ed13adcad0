import { Inject, Injectable } from '@nestjs/common';
import { WebhooksService, type WebhookEndpointView } from 'nestjs-webhooks';
import { DEMO_KEYS } from '../config/account-credentials.js';

const ENDPOINTS_SEARCHED = 250;

/**
 * The secrets of a demo receiver. A person enters the secret of a real receiver; this one looks the secrets up
 * for the demo accounts' webhooks that point to it, so that rotating works without pasting.
 */
@Injectable()
export class DemoSecretsService {
  private readonly given = new Map<string, string>();
  /** Cached by webhook until it changes: each look at a secret is recorded, and visitors see these records. */
  private readonly known = new Map<string, { updatedAt: string; secrets: string[] }>();

  constructor(@Inject(WebhooksService) private readonly webhooks: WebhooksService) {}

  /** Sets the visitor's own secret instead; `undefined` returns to the ones that are looked up. */
  give(name: string, secret: string | undefined): void {
    if (secret === undefined) this.given.delete(name);
    else this.given.set(name, secret);
  }

  isGiven(name: string): boolean {
    return this.given.has(name);
  }

  async of(name: string): Promise<string[]> {
    const given = this.given.get(name);
    if (given !== undefined) return [given];
    const secrets: string[] = [];
    for (const account of Object.keys(DEMO_KEYS)) secrets.push(...(await this.secretsOf(account, name)));
    return secrets;
  }

  private async secretsOf(account: string, name: string): Promise<string[]> {
    const endpoints = (await this.webhooks.endpoints.list(account, { limit: ENDPOINTS_SEARCHED })).data;
    const found: string[] = [];
    for (const endpoint of endpoints) {
      if (new URL(endpoint.url).pathname !== receiverPath(name)) continue;
      found.push(...(await this.secretsNow(account, endpoint)));
    }
    return found;
  }

  private async secretsNow(account: string, { id, updatedAt }: WebhookEndpointView): Promise<string[]> {
    const known = this.known.get(id);
    if (known?.updatedAt === updatedAt) return known.secrets;
    const { secret, previous } = await this.webhooks.audit.as('demo receiver', () =>
      this.webhooks.endpoints.secret(account, id),
    );
    const secrets = [secret, ...previous.map((one) => one.secret)];
    this.known.set(id, { updatedAt, secrets });
    return secrets;
  }
}

export const receiverPath = (name: string): string => `/demo/receiver/${name}`;
