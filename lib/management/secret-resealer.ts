import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { compareAndSet } from '../persistence/compare-and-set.js';
import { SecretSealer, WebhookSecretUnavailableError } from '../persistence/secret-sealer.js';
import { WebhookEndpointRepository, type StoredSecrets } from '../persistence/webhook-endpoint.repository.js';

const BATCH = 200;

/** The other sealed values of an endpoint. */
const TEXTS = { authorizationSecret: 'authorization', certificateSecret: 'clientCertificate' } as const;

/** What happened to the secrets of one endpoint. */
type Resealed = 'resealed' | 'current' | 'unreadable';

/** Seals all stored values with the first key, in batches, while everything else goes on. */
@Injectable()
export class SecretResealer {
  private readonly logger = new WebhooksLogger();

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(SecretSealer) private readonly sealer: SecretSealer,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
  ) {}

  /** @throws InvalidWebhooksOptionError if there is no key */
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
    const { id, authorizationSecret, certificateSecret } = row;
    const all = [
      await this.reseal(row),
      await this.resealText(id, 'authorizationSecret', authorizationSecret),
      await this.resealText(id, 'certificateSecret', certificateSecret),
    ];
    return (['unreadable', 'resealed'] as const).find((one) => all.includes(one)) ?? 'current';
  }

  private async reseal(row: StoredSecrets): Promise<Resealed> {
    const { id } = row;
    let stored: string | undefined = row.secrets;
    const outcome = await compareAndSet(async () => {
      if (stored === undefined || !this.sealer.isStale(stored)) return 'current';
      const sealed = this.sealedAnew(id, stored);
      if (sealed === undefined) return 'unreadable';
      if (await this.endpoints.replaceSecrets(id, stored, sealed)) return 'resealed';
      // They were rotated meanwhile, or their endpoint deleted: read the present value.
      stored = await this.endpoints.storedSecrets(id);
      return undefined;
    });
    if (outcome) return outcome;
    this.logger.error(`The secret of endpoint ${id} was changed by others again and again.`);
    return 'unreadable';
  }

  /** Besides the secrets. A value that was changed meanwhile has been sealed with the first key. */
  private async resealText(id: string, column: keyof typeof TEXTS, stored: string | null): Promise<Resealed> {
    if (stored === null || !this.sealer.isStale(stored)) return 'current';
    const what = TEXTS[column];
    try {
      const sealed = this.sealer.sealText(id, what, this.sealer.openText(id, what, stored));
      await this.endpoints.replaceText(id, column, stored, sealed);
      return 'resealed';
    } catch (error) {
      if (!(error instanceof WebhookSecretUnavailableError)) throw error;
      this.logger.error(error.message);
      return 'unreadable';
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
