import type { EndpointDue } from '../../persistence/webhook-backlog.repository.js';
import { dueView, type OperatorDueView } from './views/due.view.js';

/** Counting the due deliveries of one endpoint stops here, because a list shows many endpoints. */
export const MOST_DUE_OF_ONE = 1_000;

/** The same for several endpoints together. */
export function dueTogether(due: readonly EndpointDue[]): OperatorDueView {
  const count = due.reduce((sum, one) => sum + one.count, 0);
  const times = due.flatMap(({ oldestDueAt }) => oldestDueAt ?? []);
  return {
    ...dueView(count, Infinity, times.length === 0 ? null : Math.min(...times)),
    isMore: due.some((one) => one.count >= MOST_DUE_OF_ONE),
  };
}
