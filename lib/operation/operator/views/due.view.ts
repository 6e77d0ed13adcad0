import { isoOrNull } from '../../../domain/iso.js';

/** Due deliveries that no worker has claimed. */
export interface OperatorDueView {
  count: number;
  /** Whether counting stopped there. */
  isMore: boolean;
  /** When the oldest became due; `null` if nothing is due. */
  oldestDueAt: string | null;
}

/** @param most the count at which counting stopped */
export const dueView = (count: number, most: number, oldestDueAt: number | null): OperatorDueView => ({
  count,
  isMore: count >= most,
  oldestDueAt: isoOrNull(oldestDueAt),
});
