/** Where the page is, and what its view is narrowed to. Its text, such as `/endpoints/ep_…`, stands behind `#` with `routing="hash"`. */
export interface OperatorRoute {
  readonly section: Section;
  /** Of one thing, or `new`. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** `tenant` is one, by the query: its name may be anything, and nothing. */
export const SECTIONS = [
  'now',
  'tenants',
  'tenant',
  'endpoints',
  'deliveries',
  'events',
  'search',
  'jobs',
  'audit',
] as const;
export type Section = (typeof SECTIONS)[number];

/** What needs attention, where the text names nothing that there is. */
export function parseRoute(text: string): OperatorRoute {
  const [path = '', search = ''] = text.split(/\?(.*)/s);
  const [name, id] = path.split('/').filter((segment) => segment !== '');
  const section = SECTIONS.find((one) => one === name) ?? 'now';
  const query = Object.fromEntries(new URLSearchParams(search));
  return { section, ...(id !== undefined && /^\w+$/.test(id) ? { id } : {}), query };
}

/** Without the query: leaving it is going to another view. */
export const formatView = ({ section, id, query }: OperatorRoute): string =>
  `/${section}${id === undefined ? '' : `/${id}`}${section === 'tenant' ? `?${query?.tenant ?? ''}` : ''}`;

export function formatRoute({ section, id, query = {} }: OperatorRoute): string {
  const given = Object.entries(query).filter(
    ([name, value]) => value !== '' || (section === 'tenant' && name === 'tenant'),
  );
  const search = new URLSearchParams(given).toString();
  return `/${section}${id === undefined ? '' : `/${id}`}${search && `?${search}`}`;
}
