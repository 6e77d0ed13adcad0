import { fieldProblem, type AnyCoded } from '../../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type RecordedAct } from '../../audit/audit-log.js';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import type { AuditValues } from '../../domain/audit.js';
import type { WebhookClock } from '../../domain/clock.js';
import { parseDuration, type WebhookDuration } from '../../domain/duration.js';
import { quoted } from '../../domain/shown-text.js';
import { InvalidWebhookInputError, type WebhookFieldProblem } from '../../domain/webhooks.error.js';
import type { WebhookTenantSettingsRow } from '../../persistence/webhook-tenant-settings.entity.js';
import { OfTenant } from '../../management/of-tenant.js';
import { TenantLimits } from '../../management/tenant-limits.js';
import {
  KEPT_FOR_EVER,
  WebhookTenantSettingsRepository,
} from '../../persistence/webhook-tenant-settings.repository.js';
import { operatorSettingsView, setOf, type OperatorSettingsView } from './views/tenant-settings.view.js';

const HOUR_MS = 3_600_000;
const MOST = 1_000_000;
const COUNTS = ['endpoints', 'testsPerMinute', 'resendsPerMinute'] as const;
const NAMES: readonly string[] = ['retention', ...COUNTS];

/** The settings of one tenant. Whatever is left out follows the options. */
export interface TenantSettingsInput {
  /** Replaces the option `retention`: at least an hour; `false`: keep forever. */
  readonly retention?: WebhookDuration | false;
  /** Replaces `limits.endpointsPerTenant`. Existing endpoints beyond it stay. */
  readonly endpoints?: number;
  /** Replaces `limits.testsPerMinute`. */
  readonly testsPerMinute?: number;
  /** Replaces `limits.resendsPerMinute`. */
  readonly resendsPerMinute?: number;
}

/** Retention and limits of single tenants. They replace the options, for all processes at once. */
@Injectable()
export class TenantSettingsService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(TenantLimits) private readonly limits: TenantLimits,
    @Inject(WebhookTenantSettingsRepository) private readonly settings: WebhookTenantSettingsRepository,
  ) {}

  @OfTenant()
  async get(tenant: string): Promise<OperatorSettingsView> {
    const row = await this.settings.find(tenant);
    return operatorSettingsView(tenant, row, {
      effective: this.limits.effective(row),
      defaults: this.limits.effective(null),
    });
  }

  /** Replaces all settings of the tenant. @throws InvalidWebhookInputError */
  @OfTenant()
  async set(tenant: string, input: TenantSettingsInput): Promise<OperatorSettingsView> {
    const { retention, endpoints = null, testsPerMinute = null, resendsPerMinute = null } = input;
    const problems = problemsOf(input);
    if (problems.length > 0) throw new InvalidWebhookInputError(problems);
    const row: WebhookTenantSettingsRow = {
      tenant,
      retentionMs:
        retention === undefined ? null : retention === false ? KEPT_FOR_EVER : parseDuration(retention)!,
      endpoints,
      testsPerMinute,
      resendsPerMinute,
      updatedAt: this.clock.now(),
    };
    const recording = await this.audit.begin();
    const before = await this.settings.find(tenant);
    await this.settings.put(row, recording.of(changeOf(tenant, before, row)));
    recording.tell();
    return this.get(tenant);
  }

  /** Removes the settings, so that the options apply again. */
  @OfTenant()
  async reset(tenant: string): Promise<OperatorSettingsView> {
    const recording = await this.audit.begin();
    const before = await this.settings.find(tenant);
    if (await this.settings.delete(tenant, recording.of(changeOf(tenant, before, null)))) recording.tell();
    return this.get(tenant);
  }
}

function changeOf(
  tenant: string,
  before: WebhookTenantSettingsRow | null,
  after: WebhookTenantSettingsRow | null,
): RecordedAct {
  const shown = (row: WebhookTenantSettingsRow | null): AuditValues => ({ ...setOf(row) });
  return {
    tenant,
    act: 'tenant.settings-changed',
    subject: { kind: 'tenant', id: tenant },
    before: shown(before),
    after: shown(after),
  };
}

function problemsOf(input: TenantSettingsInput): WebhookFieldProblem[] {
  const problems: WebhookFieldProblem[] = [];
  const refuse = (field: string, message: string, ...coded: AnyCoded): void =>
    void problems.push(fieldProblem(field, `${field} ${message}`, ...coded));
  for (const name of Object.keys(input)) {
    if (NAMES.includes(name)) continue;
    const field = name.slice(0, 64);
    refuse(field, `can't be set. There are ${NAMES.join(', ')}.`, 'unknown-field', { name: field });
  }
  const { retention } = input;
  const retentionMs = retention === false || retention === undefined ? HOUR_MS : parseDuration(retention);
  if (retentionMs === undefined || retentionMs < HOUR_MS)
    refuse(
      'retention',
      `must be a duration of an hour or more such as '90d', or false for ever, got ${told(retention)}.`,
      'duration-too-short',
      { least: '1h' },
    );
  for (const name of COUNTS) {
    const value = input[name];
    if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= MOST)) continue;
    const message = `must be a whole number from 1 to ${MOST}, got ${told(value)}.`;
    refuse(name, message, 'number-range', { least: 1, most: MOST });
  }
  return problems;
}

const told = (value: unknown): string => (typeof value === 'string' ? quoted(value) : String(value));
