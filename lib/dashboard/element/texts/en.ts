/**
 * Every text of the dashboard, by view: `{name}` is a parameter, what is between backticks is code, and of several forms the
 * parameter `count` chooses. The keys are public: apps give texts of their own by them.
 */
export const en = {
  // What is said in many places.
  cancel: 'Cancel',
  close: 'Close',
  edit: 'Edit',
  none: 'None',
  loading: 'Loading…',
  'try-again': 'Try again',
  'show-more': 'Show more',
  'clear-filters': 'Clear filters',
  'not-up-to-date': 'Not up to date. {problem}',
  test: 'Test',
  deliveries: { one: '{count} delivery', other: '{count} deliveries' },
  'is-active': '{name} is active.',
  'is-paused': '{name} is paused.',
  'is-active-again': '{name} is active again.',
  undo: 'Undo',
  dismiss: 'Dismiss',

  // The frame of all views.
  'nav.webhooks': 'Webhooks',
  'nav.events': 'Events',
  'nav.event-types': 'Event types',
  'nav.guide': 'Guide',
  'discard.heading': 'Discard changes?',
  'discard.text': 'Your changes are not saved.',
  'discard.keep': 'Keep editing',
  'discard.discard': 'Discard changes',

  // Errors, of routes and of the dashboard.
  'error.not-found': 'Not found',
  'error.not-loaded': 'This could not be loaded',
  'error.own': 'Something went wrong in the dashboard itself. Reload the page.',
  'error.no-api-url': 'api-url is missing: write {example}.',
  'error.foreign':
    'This is no answer of the webhooks API. Check api-url, and that nothing changes or wraps the answers.',
  'error.unreachable': 'The server can’t be reached. Check your connection.',
  'error.request-headers': 'This page could not say who you are. Reload it.',
  'error.signed-out': 'You are signed out. Sign in again, then reload this page.',
  'error.forbidden': 'You don’t have permission to do this.',
  'error.gone': 'Not found. It may have been deleted.',
  'error.too-large': 'This is too large for the server.',
  'error.too-many': 'Too many requests. Try again in a moment.',
  'error.too-many-for': 'Too many requests. Try again in {time}.',
  'error.server': 'The server failed. Try again in a moment.',
  'error.refused': 'The server refused this (status {status}).',
  'error.tenant-missing': 'Your account isn’t known here.',
  'error.endpoint-inactive': 'The webhook is paused. Turn it on first.',
  'error.delivery-in-flight': 'It is being sent right now. Wait for its outcome.',
  'error.secret-changing': 'The secret is being changed elsewhere. Try again in a moment.',
  'error.secret-unavailable': 'The secret can’t be read right now. Nothing was sent or changed.',
  'error.database-busy': 'The server is busy. Try again in a moment.',

  // Times.
  'time.milliseconds': '{count} ms',
  'time.seconds': '{count} s',
  'time.minutes': '{count} min',
  'time.hours': '{count} h',
  'time.days': { one: '{count} day', other: '{count} days' },
  'time.for-seconds': { one: 'for {count} second', other: 'for {count} seconds' },
  'time.for-minutes': { one: 'for {count} minute', other: 'for {count} minutes' },
  'time.for-hours': { one: 'for {count} hour', other: 'for {count} hours' },
  'time.for-days': { one: 'for {count} day', other: 'for {count} days' },

  // Statuses, and what came back.

  // What to do about an attempt that failed.

  // The list of webhooks.
  'list.heading': 'Your webhooks',

  // One webhook.

  // Numbers and charts.

  // The delivery log.
  'selection.label': 'Selection',
  'selection.selected': '{count} selected',
  'selection.sending': 'Sending…',
  'selection.delivered': 'Already delivered. Resend?',
  'selection.some-delivered': '{count} already delivered. Resend?',
  'selection.resend': 'Resend',
  'selection.resend-all': 'Resend {count}',
  'selection.only-others': 'Only the {count} not delivered',
  'selection.since': 'Resend all failed since the oldest…',
  'selection.clear': 'Clear selection',
  'selection.resent': { one: '{count} delivery resent.', other: '{count} deliveries resent.' },
  'selection.not-resent': '{count} not resent: {reasons}',

  // One delivery.
  'timeline.label': 'Timeline of attempts',
  'timeline.attempt': 'Attempt {number}: {response}',
  'timeline.planned': 'Attempt {number} is planned: {time}',
  'timeline.earlier': '{count} earlier',

  // The recovery.

  'missed.amount': { one: '{count} delivery missed', other: '{count} deliveries missed' },
  'missed.since': '{amount} since {time}.',
  'missed.recover': { one: 'Recover {count} delivery', other: 'Recover {count} deliveries' },
  'missed.sent': {
    one: '{count} missed delivery is being sent.',
    other: '{count} missed deliveries are being sent.',
  },
  'missed.show': 'Show deliveries',

  // A test.

  // The settings of a webhook, and its secret.
  'delete.deleted': '{name} is deleted.',

  // The form.
  'form.saved': '{name} is saved.',
  'form.added': '{name} is added.',
  'headers.heading': 'Custom headers',
  'headers.hint': 'Sent with every request, such as an authorization for your server.',
  'headers.most': 'There can be at most {most}.',
  'headers.add': 'Add header',
  'headers.name': 'Name',
  'headers.value': 'Value',
  'headers.name-of': 'Name of header {number}',
  'headers.value-of': 'Value of header {number}',
  'headers.remove': 'Remove header {number}',

  // Events.
  'events.heading': 'Events',
  'events.intro': 'What happened, and which webhooks received it.',
  'events.caption': 'Events, the newest first',
  'events.type': 'Event type',
  'events.deliveries': 'Deliveries',
  'events.created': 'Created',
  'events.no-match': 'No event matches',
  'events.no-match.text': 'Choose another event type or a longer period.',
  'events.empty': 'No events yet',
  'events.empty.text':
    'Events come when something happens in the app. To see one now, open a webhook and send a test.',
  'events.go-to-webhooks': 'Go to webhooks',
  'events.new': { one: '{count} new event', other: '{count} new events' },

  // The guide, whose own texts the app gives.
  'guide.open-page': 'Open as a page',
  'guide.sections': 'Sections of the guide',
  'guide.go-to': 'Go to section',
  'guide.code': 'Code: {section}',
  'guide.table': 'Table',
  'guide.language': 'Language',
} as const satisfies Readonly<Record<string, string | { readonly one: string; readonly other: string }>>;
