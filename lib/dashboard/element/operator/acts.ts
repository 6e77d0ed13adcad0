import { enumerated, formatNumber, t } from '../texts/t.js';
import type { JobRequest, SettingsInput } from './operator-api.js';
import type {
  OperatorDueView,
  OperatorEndpointView,
  OperatorJobView,
  OperatorPauseView,
  OperatorSettingsView,
  OperatorTenantView,
} from './operator-types.js';
import type { OperatorContext, Question } from './operator-view.js';
import { tenantName } from './parts.js';

/** `1,000 or more`, if counting stopped. */
export const countOf = ({ count, isMore }: Pick<OperatorDueView, 'count' | 'isMore'>): string =>
  isMore ? t('ops.or-more', { count: formatNumber(count) }) : formatNumber(count);

const WHY = { hint: () => t('ops.pause.reason'), isNeeded: false };

export const pauseAll = ({ api }: OperatorContext): Question => ({
  heading: () => t('ops.pause.all'),
  text: () => t('ops.pause.all.text'),
  concerns: async () => {
    const { due } = await api.overview();
    return () => t('ops.pause.all.concerns', { count: countOf(due) });
  },
  reason: WHY,
  confirm: () => t('ops.pause.all'),
  isDanger: true,
  run: (reason) => api.pause({ scope: 'all' }, reason),
  done: () => t('ops.paused.all'),
});

export const pauseTenant = ({ api }: OperatorContext, tenant: string): Question => ({
  heading: () => t('ops.pause.tenant', { tenant: tenantName(tenant) }),
  text: () => t('ops.pause.text'),
  concerns: async () => {
    const { endpoints, due }: OperatorTenantView = await api.tenant(tenant);
    return () => t('ops.pause.tenant.concerns', { count: endpoints, due: countOf(due) });
  },
  reason: WHY,
  confirm: () => t('ops.pause'),
  run: (reason) => api.pause({ scope: 'tenant', tenant }, reason),
  done: () => t('ops.paused.tenant', { tenant: tenantName(tenant) }),
});

export const pauseEndpoint = ({ api }: OperatorContext, id: string): Question => ({
  heading: () => t('ops.pause.endpoint'),
  text: () => t('ops.pause.text'),
  concerns: async () => {
    const endpoint = await api.endpoint(id);
    return () => concernsOf(endpoint);
  },
  reason: WHY,
  confirm: () => t('ops.pause'),
  run: (reason) => api.pause({ scope: 'endpoint', endpointId: id }, reason),
  done: () => t('ops.paused.endpoint'),
});

const concernsOf = ({ name, tenant, due }: OperatorEndpointView): string =>
  t('ops.endpoint.concerns', { name, tenant: tenantName(tenant), due: countOf(due) });

export const resume = ({ api }: OperatorContext, { id, scope, reason }: OperatorPauseView): Question => ({
  heading: () => t('ops.resume'),
  text: () => `${t(`ops.resume.${scope}`)}${reason === null ? '' : ` ${t('ops.resume.reason', { reason })}`}`,
  confirm: () => t('ops.resume'),
  run: () => api.resume(id),
  done: () => t('ops.resumed'),
});

export const disable = ({ api }: OperatorContext, endpoint: OperatorEndpointView): Question => ({
  heading: () => t('ops.disable'),
  text: () => t('ops.disable.text'),
  concerns: async () => {
    const now = await api.endpoint(endpoint.id);
    return () => concernsOf(now);
  },
  reason: { hint: () => t('ops.disable.reason'), isNeeded: true },
  confirm: () => t('ops.disable'),
  isDanger: true,
  run: (reason) => api.disable(endpoint.id, reason),
  done: () => t('ops.disabled'),
});

export const enable = ({ api }: OperatorContext, endpoint: OperatorEndpointView): Question => ({
  heading: () => t('ops.enable'),
  text: () => t('ops.enable.text'),
  concerns: async () => () => concernsOf(endpoint),
  confirm: () => t('ops.enable'),
  run: () => api.enable(endpoint.id),
  done: () => t('ops.enabled'),
});

export const resendDelivery = (
  { api }: OperatorContext,
  { id, eventType, tenant }: { readonly id: string; readonly eventType: string; readonly tenant: string },
): Question => ({
  heading: () => t('ops.resend'),
  text: () => t('ops.resend.text'),
  concerns: async () => () => t('ops.resend.concerns', { type: eventType, tenant: tenantName(tenant) }),
  confirm: () => t('ops.resend'),
  run: () => api.resend(id),
  done: () => t('ops.resent'),
});

export const LIMITS = ['endpoints', 'testsPerMinute', 'resendsPerMinute'] as const;
export type Limit = (typeof LIMITS)[number];

/** @param kept the retention, if it is set */
export const setSettings = (
  { api }: OperatorContext,
  tenant: string,
  given: SettingsInput,
  kept: string | undefined,
  done: () => void,
): Question => ({
  heading: () => t('ops.settings'),
  text: () => t('ops.settings.sure'),
  concerns: async () => () =>
    enumerated([
      tenantName(tenant),
      ...('retention' in given
        ? [`${t('ops.settings.retention')}: ${kept ?? t('ops.settings.kept.ever')}`]
        : []),
      ...LIMITS.filter((name) => given[name] !== undefined).map(
        (name) => `${t(`ops.settings.${name}`)}: ${formatNumber(given[name]!)}`,
      ),
    ]),
  confirm: () => t('ops.settings.save'),
  run: async () => {
    await (Object.keys(given).length === 0 ? api.resetSettings(tenant) : api.setSettings(tenant, given));
    done();
  },
  done: () => t('ops.settings.saved'),
});

export const resetSettings = (
  { api }: OperatorContext,
  { tenant }: OperatorSettingsView,
  done: () => void,
): Question => ({
  heading: () => t('ops.settings.reset'),
  text: () => t('ops.settings.sure'),
  concerns: async () => () => tenantName(tenant),
  confirm: () => t('ops.settings.reset'),
  run: async () => {
    await api.resetSettings(tenant);
    done();
  },
  done: () => t('ops.settings.saved'),
});

/** @param started receives the new job, or an equal one that is already running */
export const startJob = (
  { api }: OperatorContext,
  job: JobRequest,
  started: (id: string) => void,
): Question => ({
  heading: () => t(`ops.job.kind.${job.kind}`),
  text: () => t(`ops.job.text.${job.kind}`),
  concerns: async () => {
    const { total, isMore } = await api.preview(job);
    const count = isMore ? t('ops.or-more', { count: formatNumber(total) }) : formatNumber(total);
    return () => t(job.kind === 'erase' ? 'ops.job.concerns.erase' : 'ops.job.concerns', { count });
  },
  ...(job.kind === 'erase' ? { typed: String(job.filter.tenant) || 'erase' } : {}),
  confirm: () => t('ops.job.start'),
  isDanger: job.kind === 'erase',
  run: async () => started((await api.start(job)).id),
  done: () => t('ops.job.started'),
});

export const stopJob = ({ api }: OperatorContext, { id, done }: OperatorJobView): Question => ({
  heading: () => t('ops.job.stop'),
  text: () => t('ops.job.stop.text', { count: done }),
  confirm: () => t('ops.job.stop'),
  isDanger: true,
  run: () => api.stop(id),
  done: () => t('ops.job.stopping'),
});
