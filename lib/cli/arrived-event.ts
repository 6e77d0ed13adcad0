import { isRecord } from '../reference/resolve.js';
import type { ArrivedRequest } from './signatures.js';

/** The event in a body of any built-in representation. */
export interface ArrivedEvent {
  readonly representation:
    'envelope' | 'standard-webhooks' | 'cloudevents' | 'cloudevents-binary' | 'slack' | 'teams' | 'other';
  readonly id: string | null;
  readonly type: string | null;
}

export function arrivedEvent({ headers, body }: ArrivedRequest): ArrivedEvent {
  const json = parsed(body.toString('utf8'));
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const id = headers['webhook-id'] ?? null;
  if (headers['ce-specversion'] !== undefined) {
    const [eventId = null, type = null] = [headers['ce-id'], headers['ce-type']].map(
      (one) => one && decoded(one),
    );
    return { representation: 'cloudevents-binary', id: eventId, type };
  }
  if (!isRecord(json)) return { representation: 'other', id, type: null };
  if ('specversion' in json)
    return { representation: 'cloudevents', id: text(json.id), type: text(json.type) };
  if ('event_type' in json)
    return { representation: 'envelope', id: text(json.id), type: text(json.event_type) };
  if ('timestamp' in json && 'data' in json)
    return { representation: 'standard-webhooks', id, type: text(json.type) };
  if (Array.isArray(json.blocks)) return { representation: 'slack', id, type: null };
  if (json.type === 'message' && Array.isArray(json.attachments))
    return { representation: 'teams', id, type: null };
  return { representation: 'other', id, type: null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
