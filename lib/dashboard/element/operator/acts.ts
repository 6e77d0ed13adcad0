import { formatNumber, t } from '../texts/t.js';
import type { OperatorDueView, OperatorEndpointView, OperatorPauseView, OperatorTenantView } from './operator-types.js';
import type { OperatorContext, Question } from './operator-view.js';
import { tenantName } from './parts.js';

/** `1,000 or more`, where counting stopped. */
export const countOf = ({ count, isMore }: OperatorDueView): string =>
  isMore ? t('operator.or-more', { count: formatNumber(count) }) : formatNumber(count);

const WHY = { hint: () => t('operator.pause.reason'), isNeeded: false };

export const pauseAll = ({ api }: OperatorContext): Question => ({
  heading: () => t('operator.pause.all'),
  text: () => t('operator.pause.all.text'),
  concerns: async () => {
    const { due } = await api.overview();
    return () => t('operator.pause.all.concerns', { count: countOf(due) });
  },
  reason: WHY,
  confirm: () => t('operator.pause.all'),
  isDanger: true,
  run: (reason) => api.pause({ scope: 'all' }, reason),
  done: () => t('operator.paused.all'),
});

export const pauseTenant = ({ api }: OperatorContext, tenant: string): Question => ({
  heading: () => t('operator.pause.tenant', { tenant: tenantName(tenant) }),
  text: () => t('operator.pause.text'),
  concerns: async () => {
    const { endpoints, due }: OperatorTenantView = await api.tenant(tenant);
    return () => t('operator.pause.tenant.concerns', { count: endpoints, due: countOf(due) });
  },
  reason: WHY,
  confirm: () => t('operator.pause'),
  run: (reason) => api.pause({ scope: 'tenant', tenant }, reason),
  done: () => t('operator.paused.tenant', { tenant: tenantName(tenant) }),
});

export const pauseEndpoint = ({ api }: OperatorContext, id: string): Question => ({
  heading: () => t('operator.pause.endpoint'),
  text: () => t('operator.pause.text'),
  concerns: async () => {
    const endpoint = await api.endpoint(id);
    return () => concernsOf(endpoint);
  },
  reason: WHY,
  confirm: () => t('operator.pause'),
  run: (reason) => api.pause({ scope: 'endpoint', endpointId: id }, reason),
  done: () => t('operator.paused.endpoint'),
});

const concernsOf = ({ name, tenant, due }: OperatorEndpointView): string =>
  t('operator.endpoint.concerns', { name, tenant: tenantName(tenant), due: countOf(due) });

export const resume = ({ api }: OperatorContext, { id, scope, reason }: OperatorPauseView): Question => ({
  heading: () => t('operator.resume'),
  text: () => `${t(`operator.resume.${scope}`)}${reason === null ? '' : ` ${t('operator.resume.reason', { reason })}`}`,
  confirm: () => t('operator.resume'),
  run: () => api.resume(id),
  done: () => t('operator.resumed'),
});
