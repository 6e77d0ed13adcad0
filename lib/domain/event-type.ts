const SEGMENT = '[a-z0-9]+(?:_[a-z0-9]+)*';
const EVENT_TYPE = new RegExp(`^${SEGMENT}(?:\\.${SEGMENT})+$`);
const GROUP_WILDCARD = new RegExp(`^${SEGMENT}\\.\\*$`);

export const MAX_EVENT_TYPE_LENGTH = 128;

/** `group.name`: lower-case letters, digits and underscores, two segments or more. */
export function isEventType(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_EVENT_TYPE_LENGTH && EVENT_TYPE.test(value);
}

/** What an endpoint can subscribe to: an event type, `group.*`, or `*`. */
export function isEventTypePattern(value: unknown): value is string {
  return value === '*' || isEventType(value) || (typeof value === 'string' && GROUP_WILDCARD.test(value));
}

/** The first segment: what `group.*` matches on. */
export function groupOf(eventType: string): string {
  return eventType.slice(0, eventType.indexOf('.'));
}

/** Every pattern that `eventType` matches. */
export function patternsOf(eventType: string): string[] {
  return [eventType, `${groupOf(eventType)}.*`, '*'];
}
