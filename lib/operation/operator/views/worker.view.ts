import { iso } from '../../../domain/iso.js';
import type { WebhookWorkerRow } from '../../../persistence/webhook-worker.entity.js';
import { LATELY_MS } from '../../heartbeat.service.js';

/** A process that delivers. Times are ISO 8601. */
export interface OperatorWorkerView {
  id: string;
  /** Host and process id. */
  name: string;
  startedAt: string;
  /** The latest heartbeat; there is one every 10 s. */
  seenAt: string;
  /** Whether the latest heartbeat is at most 45 s old. */
  isAlive: boolean;
}

export const isAlive = (seenAt: number, now: number): boolean => seenAt >= now - LATELY_MS;

export const operatorWorkerView = (
  { id, name, startedAt, seenAt }: WebhookWorkerRow,
  now: number,
): OperatorWorkerView => ({
  id,
  name,
  startedAt: iso(startedAt),
  seenAt: iso(seenAt),
  isAlive: isAlive(seenAt, now),
});
