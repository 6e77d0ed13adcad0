/**
 * The current view of the dashboard, and its filters. As text, such as
 * `/webhooks/ep_…/deliveries?status=failed`, it follows `#` in the address with `routing="hash"`.
 */
export type Route = Place & { readonly query?: RouteQuery };

/** The keys appear in the address. Each view defines its own. */
export type RouteQuery = Readonly<Record<string, string>>;

type Place =
  | { readonly view: 'webhooks' }
  | { readonly view: 'new' }
  | { readonly view: 'webhook'; readonly id: string; readonly tab: WebhookTab; readonly delivery?: string }
  | { readonly view: 'edit'; readonly id: string }
  | { readonly view: 'events' }
  | { readonly view: 'event'; readonly id: string }
  | { readonly view: 'event-types'; readonly type?: string }
  | { readonly view: 'guide'; readonly section?: string };

export const WEBHOOK_TABS = ['overview', 'deliveries', 'settings', 'changes'] as const;
export type WebhookTab = (typeof WEBHOOK_TABS)[number];

const ID = /^[a-z]{2,3}_[0-9a-f]{32}$/;

/** Returns the list if the text names no view. */
export function parseRoute(text: string): Route {
  const [path = '', search = ''] = text.split(/\?(.*)/s);
  const query = Object.fromEntries(new URLSearchParams(search));
  const place = parsePlace(path);
  return Object.keys(query).length === 0 ? place : { ...place, query };
}

function parsePlace(text: string): Place {
  const [section, id = '', part, rest] = text
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  if (section === 'events') return ID.test(id) ? { view: 'event', id } : { view: 'events' };
  if (section === 'event-types') return id ? { view: 'event-types', type: id } : { view: 'event-types' };
  if (section === 'guide') return id ? { view: 'guide', section: id } : { view: 'guide' };
  if (section !== 'webhooks') return { view: 'webhooks' };
  if (id === 'new') return { view: 'new' };
  if (!ID.test(id)) return { view: 'webhooks' };
  if (part === 'edit') return { view: 'edit', id };
  const tab = WEBHOOK_TABS.find((name) => name === part) ?? 'overview';
  return tab === 'deliveries' && ID.test(rest ?? '')
    ? { view: 'webhook', id, tab, delivery: rest! }
    : { view: 'webhook', id, tab };
}

export function formatRoute({ query = {}, ...place }: Route): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const search = new URLSearchParams(given).toString();
  return formatPlace(place) + (search && `?${search}`);
}

/** Leaves out what is open above the view, and the filters. */
export function formatView(route: Route): string {
  if (route.view === 'webhook') return formatPlace({ ...route, delivery: '' });
  const { view } = route;
  return view === 'event-types' || view === 'guide' ? formatPlace({ view }) : formatPlace(route);
}

function formatPlace(route: Place): string {
  switch (route.view) {
    case 'webhooks':
      return '/webhooks';
    case 'new':
      return '/webhooks/new';
    case 'edit':
      return `/webhooks/${route.id}/edit`;
    case 'webhook':
      return `/webhooks/${route.id}/${route.tab}${route.delivery ? `/${route.delivery}` : ''}`;
    case 'events':
      return '/events';
    case 'event':
      return `/events/${route.id}`;
    case 'event-types':
      return `/event-types${route.type ? `/${encodeURIComponent(route.type)}` : ''}`;
    case 'guide':
      return `/guide${route.section ? `/${encodeURIComponent(route.section)}` : ''}`;
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
