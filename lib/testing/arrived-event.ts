/** An event as it was received, in any representation. It may be unverified. */
export interface ArrivedEvent {
  /** The built-in form of the body; `other` for templates and the app's own representations. */
  readonly representation:
    'envelope' | 'standard-webhooks' | 'cloudevents' | 'cloudevents-binary' | 'slack' | 'teams' | 'other';
  /** Of the body; if it has none, the header `webhook-id`. */
  readonly id: string | null;
  readonly type: string | null;
  /** The event's data. In a form that has no data of its own: the parsed body, or its text if it is no JSON. */
  readonly data: unknown;
}

export function arrivedEvent({
  headers,
  body,
}: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}): ArrivedEvent {
  const content = jsonOrText(body.toString('utf8'));
  const id = headers['webhook-id'] ?? null;
  if (headers['ce-specversion'] !== undefined) {
    const { 'ce-id': eventId, 'ce-type': type } = headers;
    return {
      representation: 'cloudevents-binary',
      id: decoded(eventId) ?? id,
      type: decoded(type),
      data: content,
    };
  }
  const other = { representation: 'other', id, type: null, data: content } as const;
  if (typeof content !== 'object' || content === null) return other;
  const json = content as Readonly<Record<string, unknown>>;
  const event = { id: text(json.id) ?? id, type: text(json.type), data: json.data };
  if ('specversion' in json) return { ...event, representation: 'cloudevents' };
  if ('event_type' in json) return { ...event, representation: 'envelope', type: text(json.event_type) };
  if ('timestamp' in json && 'data' in json) return { ...event, representation: 'standard-webhooks' };
  if (Array.isArray(json.blocks)) return { ...other, representation: 'slack' };
  const isCard = json.type === 'message' && Array.isArray(json.attachments);
  return isCard ? { ...other, representation: 'teams' } : other;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function jsonOrText(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

function decoded(value: string | undefined): string | null {
  if (value === undefined) return null;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
