/** W3C Trace Context, section 3.2: `00-<trace id>-<span id>-<flags>`. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** `undefined` if the text is no `traceparent`. */
export function parseTraceparent(text: string | null): TraceContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  return flags === undefined
    ? undefined
    : { traceId: traceId!, spanId: spanId!, traceFlags: parseInt(flags, 16) };
}

export const traceparentOf = ({ traceId, spanId, traceFlags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

/** The value that a subscriber has set, if it is valid. */
export const validTraceparent = (text: string | null): string | null =>
  parseTraceparent(text) ? text : null;
