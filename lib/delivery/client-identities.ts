import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ClientCertificate } from '../domain/client-certificate.js';
import { SecretSealer } from '../persistence/secret-sealer.js';

/** The client certificate that a connection is made with. */
export interface ClientIdentity extends ClientCertificate {
  /** The same for the same certificate and key. Connections of one are never used for another. */
  readonly id: string;
}

const MOST_KEPT = 1_000;

/** The unsealed client certificates of endpoints. */
@Injectable()
export class ClientIdentities {
  private readonly kept = new Map<string, { readonly stored: string; readonly identity: ClientIdentity }>();

  constructor(@Inject(SecretSealer) private readonly sealer: SecretSealer) {}

  /** @param stored the certificate as it is stored @throws WebhookSecretUnavailableError */
  of(endpointId: string, stored: string): ClientIdentity {
    const kept = this.kept.get(endpointId);
    if (kept?.stored === stored) return kept.identity;
    const text = this.sealer.openText(endpointId, 'clientCertificate', stored);
    const id = createHash('sha256').update(text).digest('base64');
    const identity = { ...(JSON.parse(text) as ClientCertificate), id };
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(endpointId, { stored, identity });
    return identity;
  }
}
