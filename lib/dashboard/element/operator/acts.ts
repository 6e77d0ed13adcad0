import { formatNumber, t } from '../texts/t.js';
import type {
  OperatorDueView,
  OperatorEndpointView,
  OperatorPauseView,
  OperatorTenantView,
} from './operator-types.js';
import type { OperatorContext, Question } from './operator-view.js';
import { tenantName } from './parts.js';

/** `1,000 or more`, where counting stopped. */
export const countOf = ({ count, isMore }: OperatorDueView): string =>
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
