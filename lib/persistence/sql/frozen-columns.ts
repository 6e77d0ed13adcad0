import type { BodyToFreeze } from '../../domain/delivery.js';
import { ID, LONG_TEXT, type Column } from './column.js';

/** The columns of a stored body, in the order of the parameters. */
export const FREEZE_INPUT: readonly Column<BodyToFreeze>[] = [
  { name: 'frozen_body', type: LONG_TEXT, value: (body) => body.frozenBody },
  { name: 'id', type: ID, value: (body) => body.deliveryId },
  { name: 'lease_token', type: ID, value: (body) => body.token },
];
