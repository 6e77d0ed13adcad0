import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { compareAndSet } from '../persistence/compare-and-set.js';
import { SecretSealer, WebhookSecretUnavailableError } from '../persistence/secret-sealer.js';
import { WebhookEndpointRepository, type StoredSecrets } from '../persistence/webhook-endpoint.repository.js';

const BATCH = 200;

/** What became of the secrets of one endpoint. */
type Resealed = 'resealed' | 'current' | 'unreadable';

/** Seals what is stored with the first key, in batches, and beside whatever else goes on. */
@Injectable()
export class SecretResealer {
  private readonly logger = new WebhooksLogger();

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(SecretSealer) private readonly sealer: SecretSealer,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
  ) {}

  /** @throws InvalidWebhooksOptionError where there is no key to seal with */
  async run(): Promise<Record<Resealed, number>> {
    if (this.config.encryptionKeys.length === 0) {
      throw new InvalidWebhooksOptionError('encryption.keys', 'is empty: there is no key to seal with.');
    }
    const counts = { resealed: 0, current: 0, unreadable: 0 };
    for (let after = ''; ;) {
      const batch = await this.endpoints.secretsAfter(after, BATCH);
      for (const row of batch) counts[await this.resealAll(row)] += 1;
      if (batch.length < BATCH) return counts;
      after = batch.at(-1)!.id;
    }
  }

  private async resealAll(row: StoredSecrets): Promise<Resealed> {
    const isText = row.authorizationSecret !== null && this.sealer.isStale(row.authorizationSecret);
    const isDone = await this.resealText(row);
    const secrets = await this.reseal(row);
    if (!isDone) return 'unreadable';
    return secrets === 'current' && isText ? 'resealed' : secrets;
  }

  private async reseal(row: StoredSecrets): Promise<Resealed> {
    const { id } = row;
    let stored: string | undefined = row.secrets;
    const outcome = await compareAndSet(async () => {
      if (stored === undefined || !this.sealer.isStale(stored)) return 'current';
      const sealed = this.sealedAnew(id, stored);
      if (sealed === undefined) return 'unreadable';
      if (await this.endpoints.replaceSecrets(id, stored, sealed)) return 'resealed';
      // They were rotated meanwhile, or their endpoint deleted: what stands there now is looked at again.
      stored = await this.endpoints.storedSecrets(id);
      return undefined;
    });
    if (outcome) return outcome;
    this.logger.error(`The secret of endpoint ${id} was changed by others again and again.`);
    return 'unreadable';
  }

  /** Beside the secrets: what was changed meanwhile has been sealed with the first key. */
  private async resealText({ id, authorizationSecret: stored }: StoredSecrets): Promise<boolean> {
    if (stored === null || !this.sealer.isStale(stored)) return true;
    try {
      const text = this.sealer.openText(id, 'authorization', stored);
      const sealed = this.sealer.sealText(id, 'authorization', text);
      await this.endpoints.replaceText(id, 'authorizationSecret', stored, sealed);
      return true;
    } catch (error) {
      if (!(error instanceof WebhookSecretUnavailableError)) throw error;
      this.logger.error(error.message);
      return false;
    }
  }

  private sealedAnew(id: string, secrets: string): string | undefined {
    try {
      return this.sealer.seal(id, this.sealer.open(id, secrets));
    } catch (error) {
      if (!(error instanceof WebhookSecretUnavailableError)) throw error;
      this.logger.error(error.message);
      return undefined;
    }
  }
}
