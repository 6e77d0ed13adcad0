import { fieldProblem } from '../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type RecordedAct } from '../audit/audit-log.js';
import { auditedEndpoint, endpointChange } from '../audit/audited-endpoint.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { Representations } from '../config/representations.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { AddressPolicy } from '../domain/address-policy.js';
import { shownAuthorization, type EndpointAuthorization } from '../domain/authorization.js';
import { shownCertificate, type ClientCertificate } from '../domain/client-certificate.js';
import type { WebhookClock } from '../domain/clock.js';
import type { LoadedEndpoint } from '../domain/delivery.js';
import type { WebhookFilter } from '../domain/endpoint-filter.js';
import { newId } from '../domain/id.js';
import { storedChoice } from '../domain/representation/choice.js';
import {
  isNewSecret,
  liveSecrets,
  MAX_LIVE_SECRETS,
  newSecretValue,
  ownSecretProblem,
  rotateSecrets,
  type WebhookSecret,
  type SecretProblem,
} from '../domain/secret.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import { compareAndSet } from '../persistence/compare-and-set.js';
import { SecretSealer } from '../persistence/secret-sealer.js';
import { EndpointFilters } from '../persistence/endpoint-filters.js';
import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import {
  WebhookEndpointRepository,
  type WebhookEndpointChanges,
  type WebhookEndpointFilter,
} from '../persistence/webhook-endpoint.repository.js';
import { WebhookLogRepository, type WebhookPage } from '../persistence/webhook-log.repository.js';
import { checkedEndpoint } from './endpoint-rules.js';
import { versionProblems } from './representation-rules.js';
import { LimitAlerts } from './limit-alerts.js';
import { TenantLimits } from './tenant-limits.js';
import { existingEndpoint } from './existing-endpoint.js';
import { SecretResealer } from './secret-resealer.js';
import { WebhookConflictError, WebhookNotFoundError } from './management.errors.js';
import { DeferredDeliveries } from './deferred-deliveries.js';
import {
  endpointView,
  secretView,
  type WebhookFilterPreviewView,
  type WebhookEndpointView,
  type WebhookSecretView,
} from './views/endpoint.views.js';
import { pageOf, type WebhookPageView } from './views/page.view.js';
import { OfTenant } from './of-tenant.js';

/** How many of the newest events. */
const PREVIEWED = 50;

/** An endpoint in the list of a version. */
type EndpointOfVersion = Pick<WebhookEndpoint, 'id' | 'tenant' | 'name' | 'url'>;

/** A new endpoint: `active` unless told otherwise. */
export type NewWebhookEndpoint = Pick<WebhookEndpoint, 'name' | 'url' | 'events'> &
  Omit<WebhookEndpointChanges, 'name' | 'url' | 'events'> & {
    /** A secret that the receiver already knows, with the option `signature.ownSecrets`. Default: a new one. */
    readonly secret?: string;
  };

/** The endpoints of a tenant and their secrets. No method reads or changes anything of another tenant. */
@Injectable()
export class EndpointsService {
  private readonly policy: AddressPolicy;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(TenantLimits) private readonly limits: TenantLimits,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(SecretSealer) private readonly sealer: SecretSealer,
    @Inject(SecretResealer) private readonly resealer: SecretResealer,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(Representations) private readonly representations: Representations,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(LimitAlerts) private readonly alerts: LimitAlerts,
    @Inject(DeferredDeliveries) private readonly deferred: DeferredDeliveries,
    @Inject(EndpointFilters) private readonly filters: EndpointFilters,
  ) {
    this.policy = new AddressPolicy(config.network);
  }

  /**
   * Resolves with the endpoint and the secret that signs its requests.
   * @throws InvalidWebhookInputError, WebhookConflictError at the quota `limits.endpointsPerTenant`
   */
  @OfTenant()
  async create(
    tenant: string,
    { secret: given, ...input }: NewWebhookEndpoint,
  ): Promise<WebhookEndpointView & { secret: string }> {
    this.checkOwnSecret(given);
    const { authorization, clientCertificate, ...fields } = this.checked(input);
    const { name, url, events } = fields;
    const now = this.clock.now();
    const id = newId('ep', now);
    const secret = given ?? newSecretValue();
    const endpoint: WebhookEndpoint = {
      ...UNSET,
      headers: {},
      version: this.representations.versions.newest,
      ...fieldsWhere(fields, (value) => value !== undefined && value !== null),
      id,
      tenant,
      name,
      url,
      events,
      ...this.authorizationColumns(id, authorization ?? null),
      ...this.certificateColumns(id, clientCertificate ?? null),
      createdAt: now,
      updatedAt: now,
    };
    const sealed = this.sealer.seal(id, [{ value: secret, createdAt: now, expiresAt: null }]);
    const { endpoints: quota } = await this.limits.of(tenant);
    const recording = await this.audit.begin();
    const also = recording.of({
      ...ofEndpoint(tenant, id),
      act: 'endpoint.created',
      after: { ...auditedEndpoint(endpoint), ...(given === undefined ? {} : { ownSecret: true }) },
    });
    if (await this.endpoints.insertWithin(quota, endpoint, sealed, also)) {
      recording.tell();
      return { ...endpointView(endpoint), secret };
    }
    this.alerts.reached(tenant, 'endpointsPerTenant', quota);
    throw new WebhookConflictError(
      'webhooks/endpoint-quota',
      `There are ${quota} webhooks already, which is as many as there can be. Delete one first.`,
    );
  }

  /**
   * An endpoint that is not stored, checked as by `create`, for a request to it.
   * @throws InvalidWebhookInputError
   */
  unstored(
    id: string,
    { secret, ...target }: Omit<NewWebhookEndpoint, 'name'> & { readonly secret: string },
  ): LoadedEndpoint {
    if (!isNewSecret(secret)) this.checkOwnSecret(secret);
    const { url, headers = {}, representation, version, ...sealed } = this.checked(target);
    const now = this.clock.now();
    return {
      ...UNSET,
      url,
      headers,
      representation: representation ? storedChoice(representation) : null,
      version: version ?? this.representations.versions.newest,
      secrets: this.sealer.seal(id, [{ value: secret, createdAt: now, expiresAt: null }]),
      authorization: this.authorizationColumns(id, sealed.authorization ?? null).authorizationSecret ?? null,
      clientCertificate:
        this.certificateColumns(id, sealed.clientCertificate ?? null).certificateSecret ?? null,
    };
  }

  /** Checks an input as `create` does, without creating the endpoint. @throws InvalidWebhookInputError */
  check({ secret, ...input }: NewWebhookEndpoint): void {
    this.checkOwnSecret(secret);
    this.checked(input);
  }

  /** The newest first, unless the filter says otherwise. @throws InvalidWebhookInputError for a limit that is no count */
  @OfTenant()
  list(
    tenant: string,
    page: WebhookPage,
    filter: WebhookEndpointFilter = {},
  ): Promise<WebhookPageView<WebhookEndpointView>> {
    const load = (wanted: WebhookPage): Promise<WebhookEndpoint[]> =>
      this.endpoints.list(tenant, filter, wanted, this.clock.now());
    return pageOf(page, load, (rows) => rows.map(endpointView));
  }

  /**
   * The endpoints of all tenants that are kept at a version, so that their owners can be told before it retires. For
   * the oldest version, also those without one. The newest first.
   */
  async ofVersion(version: string, page: WebhookPage): Promise<WebhookPageView<EndpointOfVersion>> {
    const isOldest = version === this.representations.versions.oldest;
    return pageOf(
      page,
      (wanted) => this.endpoints.ofVersion(version, isOldest, wanted),
      (rows) => rows.map(({ id, tenant, name, url }) => ({ id, tenant, name, url })),
    );
  }

  /** @throws WebhookNotFoundError */
  @OfTenant()
  async get(tenant: string, id: string): Promise<WebhookEndpointView> {
    return endpointView(await existingEndpoint(this.endpoints, tenant, id));
  }

  /**
   * Turning an endpoint on clears why and since when it was off. That, or another URL, also ends a pause that the
   * endpoint asked for with `Retry-After`, and sends what waits for its end. Present values may stay even if today's
   * rules refuse them: an event type that left the catalogue, a URL or a header.
   * @throws WebhookNotFoundError, InvalidWebhookInputError
   */
  @OfTenant()
  async update(tenant: string, id: string, changes: WebhookEndpointChanges): Promise<WebhookEndpointView> {
    const stored = await existingEndpoint(this.endpoints, tenant, id);
    const { authorization, clientCertificate, ...fields } = this.checked(changes, stored);
    const { active, url } = fields;
    const now = this.clock.now();
    const turnedOn =
      active === true
        ? { disabledReason: null, disabledNote: null, disabledAt: null, failingSince: null }
        : {};
    // Somebody who changes the URL, or turns the endpoint on, wants it to be tried now.
    const untried = active === true || url !== undefined ? { deferredUntil: null } : {};
    const turnedOff = active === false && stored.active ? { disabledAt: now } : {};
    const changed = {
      ...fieldsWhere(fields, (value) => value !== undefined),
      ...turnedOn,
      ...untried,
      ...(authorization === undefined ? {} : this.authorizationColumns(id, authorization)),
      ...(clientCertificate === undefined ? {} : this.certificateColumns(id, clientCertificate)),
      ...turnedOff,
      updatedAt: now,
    };
    const recording = await this.audit.begin();
    const found = await this.endpoints.update(tenant, id, changed, (before) => {
      const act = endpointChange(before, changed);
      return act ? recording.of({ ...ofEndpoint(tenant, id), ...act }) : [];
    });
    if (!found) throw new WebhookNotFoundError('endpoint', id);
    recording.tell();
    if ('deferredUntil' in changed) await this.deferred.sendNow(stored);
    return this.get(tenant, id);
  }

  /**
   * Tries a filter on the newest 50 events of these types (or groups, or `*`), among the newest 2,000 of the tenant.
   * Stores nothing.
   * @param input `version` is that of the data which the filter reads; one that is retired gives way to the next.
   * Default: the newest
   * @throws InvalidWebhookInputError
   */
  @OfTenant()
  async previewFilter(
    tenant: string,
    input: { readonly events: string[]; readonly filter: WebhookFilter; readonly version?: string },
  ): Promise<WebhookFilterPreviewView> {
    const { version = this.representations.versions.newest, ...asked } = input;
    const problems = versionProblems(version ?? undefined, this.representations);
    if (problems.length > 0) throw new InvalidWebhookInputError(problems);
    const { events, filter } = this.checked(asked);
    const newest = await this.log.newestEvents(tenant, events, PREVIEWED);
    const matches = this.filters.testOf({ filter, version });
    const matched = matches ? newest.filter(matches).length : newest.length;
    return { examined: newest.length, matched };
  }

  /**
   * Cancels its pending deliveries. Its log stays until it is pruned.
   * @throws WebhookNotFoundError
   */
  @OfTenant()
  async delete(tenant: string, id: string): Promise<void> {
    const recording = await this.audit.begin();
    const found = await this.endpoints.delete(tenant, id, this.clock.now(), (endpoint) =>
      recording.of({
        ...ofEndpoint(tenant, id),
        act: 'endpoint.deleted',
        before: auditedEndpoint(endpoint),
      }),
    );
    if (!found) throw new WebhookNotFoundError('endpoint', id);
    recording.tell();
  }

  /** The secrets that sign now, the newest first. @throws WebhookNotFoundError, WebhookSecretUnavailableError */
  @OfTenant()
  async secret(tenant: string, id: string): Promise<WebhookSecretView> {
    const secrets = await this.liveSecrets(tenant, id);
    await this.audit.record({ ...ofEndpoint(tenant, id), act: 'endpoint.secret-revealed' });
    return secretView(secrets);
  }

  /** Checks that a request to it could be signed. @throws what `secret` throws */
  @OfTenant()
  async mustSign(tenant: string, id: string): Promise<void> {
    await this.liveSecrets(tenant, id);
  }

  /**
   * Signs with a new secret from now on, or with the given one (with the option `signature.ownSecrets`). The secrets
   * before it stay valid for `overlapMs` (default: `signature.overlap`; 0: they end at once). Resolves with all live
   * secrets, the newest first.
   * @throws WebhookNotFoundError, WebhookSecretUnavailableError, InvalidWebhookInputError, WebhookConflictError if
   * others kept being faster, or more than 10 secrets would sign
   */
  @OfTenant()
  async rotateSecret(
    tenant: string,
    id: string,
    overlapMs: number = this.config.signature.overlapMs,
    secret?: string,
  ): Promise<WebhookSecretView> {
    this.checkOwnSecret(secret);
    const recording = await this.audit.begin();
    const rotated = await compareAndSet(async () => {
      const stored = await this.storedSecrets(tenant, id);
      const now = this.clock.now();
      const before = this.sealer.open(id, stored);
      if (liveSecrets(before, now).some(({ value }) => value === secret))
        throw refusedSecret(['signs already.', 'secret-signs-already']);
      const secrets = rotateSecrets(before, secret ?? newSecretValue(), now, overlapMs);
      if (secrets.length > MAX_LIVE_SECRETS) throw tooManySecrets(id);
      const sealed = this.sealer.seal(id, secrets);
      // A simultaneous rotation must not remove this one's secret: the second one reads again.
      const also = recording.of({
        ...ofEndpoint(tenant, id),
        act: 'endpoint.secret-rotated',
        before: { liveSecrets: liveSecrets(before, now).length },
        after: { liveSecrets: secrets.length, overlapMs, ownSecret: secret !== undefined },
      });
      const isReplaced = await this.endpoints.replaceSecrets(id, stored, sealed, { updatedAt: now }, also);
      return isReplaced ? secrets : undefined;
    });
    if (rotated) {
      recording.tell();
      return secretView(rotated);
    }
    throw new WebhookConflictError(
      'webhooks/secret-changing',
      `The secret of webhook ${id} is being changed by others again and again. Try again later.`,
    );
  }

  /**
   * Seals the secrets of all tenants with the first key of `encryption.keys`. Call it after you have added a key, and
   * before you remove an older one. It works in batches, while deliveries and rotations go on.
   * Resolves with counts of endpoints: `resealed` are now sealed with the first key, `current` already were, and
   * `unreadable` are unchanged, since no key opens them or others kept changing them. The log says which and why.
   * @throws InvalidWebhooksOptionError if there is no key
   */
  resealSecrets(): Promise<Readonly<Record<'resealed' | 'current' | 'unreadable', number>>> {
    return this.resealer.run();
  }

  private authorizationColumns(
    id: string,
    authorization: EndpointAuthorization | null,
  ): Pick<WebhookEndpoint, 'authorization' | 'authorizationSecret'> {
    if (authorization === null) return { authorization: null, authorizationSecret: null };
    return {
      authorization: shownAuthorization(authorization),
      authorizationSecret: this.sealer.sealText(id, 'authorization', JSON.stringify(authorization)),
    };
  }

  private certificateColumns(
    id: string,
    pair: ClientCertificate | null,
  ): Pick<WebhookEndpoint, 'clientCertificate' | 'certificateSecret'> {
    if (pair === null) return { clientCertificate: null, certificateSecret: null };
    return {
      clientCertificate: shownCertificate(pair),
      certificateSecret: this.sealer.sealText(id, 'clientCertificate', JSON.stringify(pair)),
    };
  }

  private checkOwnSecret(secret: string | undefined): void {
    if (secret === undefined) return;
    if (!this.config.signature.ownSecrets)
      throw refusedSecret(['can’t be chosen: leave it out, and a new one is made.', 'secret-not-choosable']);
    const problem = ownSecretProblem(secret);
    if (problem !== undefined) throw refusedSecret(problem);
  }

  private async liveSecrets(tenant: string, id: string): Promise<readonly WebhookSecret[]> {
    return liveSecrets(this.sealer.open(id, await this.storedSecrets(tenant, id)), this.clock.now());
  }

  private async storedSecrets(tenant: string, id: string): Promise<string> {
    const stored = await this.endpoints.storedSecrets(id, tenant);
    if (stored === undefined) throw new WebhookNotFoundError('endpoint', id);
    return stored;
  }

  private checked<Input extends WebhookEndpointChanges>(input: Input, stored?: WebhookEndpoint): Input {
    const { catalogue, policy, representations } = this;
    const { headerNames: signatureHeaders } = this.config.signature;
    return checkedEndpoint(
      input,
      { now: this.clock.now(), catalogue, policy, signatureHeaders, representations },
      stored,
    );
  }
}

/** The values of an endpoint for which only name, URL and events were given. */
const UNSET = {
  description: null,
  active: true,
  disabledReason: null,
  disabledNote: null,
  disabledAt: null,
  rateLimit: null,
  concurrency: null,
  representation: null,
  filter: null,
  nextSlotAt: 0,
  failingSince: null,
  failingToldAt: null,
  deferredUntil: null,
} as const;

/** @param fields of `checkedEndpoint`, which lets no others pass */
const fieldsWhere = <Fields extends object>(
  fields: Fields,
  isWanted: (value: unknown) => boolean,
): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => isWanted(value))) as Partial<Fields>;

const ofEndpoint = (tenant: string, id: string): Pick<RecordedAct, 'tenant' | 'subject'> => ({
  tenant,
  subject: { kind: 'endpoint', id },
});

/** Contains nothing of the secret. */
const refusedSecret = ([text, ...coded]: SecretProblem): InvalidWebhookInputError =>
  new InvalidWebhookInputError([fieldProblem('secret', `secret ${text}`, ...coded)]);

const tooManySecrets = (id: string): WebhookConflictError =>
  new WebhookConflictError(
    'webhooks/too-many-secrets',
    `${MAX_LIVE_SECRETS} secrets of webhook ${id} sign already, which is as many as there can be. Rotate with an overlap of 0, ` +
      'which ends the older ones, or wait until one of them expires.',
  );
