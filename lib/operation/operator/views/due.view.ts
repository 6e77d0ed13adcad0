import { isoOrNull } from '../../../domain/iso.js';

/** What is due and held by no worker. */
export interface OperatorDueView {
  count: number;
  /** Whether counting stopped there. */
  isMore: boolean;
  /** Since when the one that has waited for the longest is due; `null` where nothing is. */
  oldestDueAt: string | null;
}

/** @param most where counting stopped */
export const dueView = (count: number, most: number, oldestDueAt: number | null): OperatorDueView => ({
  count,
  isMore: count >= most,
  oldestDueAt: isoOrNull(oldestDueAt),
});
