/** The current view and its filters. As text, such as `/endpoints/ep_…`, it follows `#` with `routing="hash"`. */
export interface OperatorRoute {
  readonly section: Section;
  /** An id, or `new`. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** A tenant is in the query, since its name may contain anything or be empty. */
export const SECTIONS = [
  'now',
  'tenants',
  'tenant',
  'settings',
  'endpoints',
  'deliveries',
  'events',
  'search',
  'jobs',
  'audit',
] as const;
export type Section = (typeof SECTIONS)[number];

/** The view of what needs attention, if the text names no other view. */
export function parseRoute(text: string): OperatorRoute {
  const [path = '', search = ''] = text.split(/\?(.*)/s);
  const [name, id] = path.split('/').filter((segment) => segment !== '');
  const section = SECTIONS.find((one) => one === name) ?? 'now';
  const query = Object.fromEntries(new URLSearchParams(search));
  return { section, ...(id !== undefined && /^\w+$/.test(id) ? { id } : {}), query };
}

/** Whether the query names the tenant. A path can't, because the name may be empty. */
const isOfTenant = (section: Section): boolean => section === 'tenant' || section === 'settings';

/** Formats the view without its filters, because a change of filters is not a change of views. */
export const formatView = ({ section, id, query }: OperatorRoute): string =>
  `/${section}${id === undefined ? '' : `/${id}`}${isOfTenant(section) ? `?${query?.tenant ?? ''}` : ''}`;

export function formatRoute({ section, id, query = {} }: OperatorRoute): string {
  const given = Object.entries(query).filter(
    ([name, value]) => value !== '' || (isOfTenant(section) && name === 'tenant'),
  );
  const search = new URLSearchParams(given).toString();
  return `/${section}${id === undefined ? '' : `/${id}`}${search && `?${search}`}`;
}
