/** The body of a request with its own headers. */
export interface Represented {
  readonly contentType: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An event as a representation function gets it. */
export interface RepresentedEvent {
  readonly id: string;
  readonly type: string;
  /** ISO 8601, to the second. */
  readonly createdAt: string;
  readonly tenant: string;
  readonly data: unknown;
}

/** An event with what built-in representations need besides. */
export interface EventToRepresent extends RepresentedEvent {
  /** The JSON of `data`, exactly as it was stored. */
  readonly dataJson: string;
  /** The description of its type; `''` if it has none. */
  readonly description: string;
}

/** A pure function: the same event always gives the same body. */
export type Representation = (event: EventToRepresent) => Represented;

const DATA = ',"data":';

/** An event read from a body that `serialiseBody` made. Its data is parsed when it is first asked for. */
export function eventOf(body: string, tenant: string, describe: (type: string) => string): EventToRepresent {
  const at = body.indexOf(DATA);
  const head = JSON.parse(`${body.slice(0, at)}}`) as { id: string; event_type: string; created_at: string };
  const dataJson = body.slice(at + DATA.length, -1);
  let data: { readonly parsed: unknown } | undefined;
  return {
    id: head.id,
    type: head.event_type,
    createdAt: head.created_at,
    tenant,
    description: describe(head.event_type),
    dataJson,
    get data() {
      return (data ??= { parsed: JSON.parse(dataJson) as unknown }).parsed;
    },
  };
}

export const JSON_TYPE = 'application/json';

export const jsonBody = (body: string, contentType = JSON_TYPE): Represented => ({
  contentType,
  headers: {},
  body,
});
