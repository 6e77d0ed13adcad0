import { userInfo } from 'node:os';
import { command, UsageError } from './command.js';
import { DATABASE_OPTIONS } from './database-options.js';
import { time, wholeNumber } from './values.js';

export const resend = command(
  {
    summary: 'Send deliveries again: by their ids, by an event’s id, or by a filter',
    description: `Makes deliveries due now. Workers of the app send them, with the same id and the same bytes.

  nestjs-webhooks resend dlv_0196d4…
  nestjs-webhooks resend --tenant acme --endpoint ep_0196… --since 2h          says how many it would be
  nestjs-webhooks resend --tenant acme --endpoint ep_0196… --since 2h --yes    sends them again

Ids need no --yes. A filter takes what failed unless --status names another one. It is paced, newest first, and what it can't send again
(the endpoint is off or gone, its filter keeps the event out, it is being sent) it tells of: the exit code is 1 then.`,
    arguments: [
      {
        name: 'id',
        optional: true,
        several: true,
        text: 'Ids of deliveries, dlv_…, or of events, evt_…: all of their deliveries',
      },
    ],
    options: {
      ...DATABASE_OPTIONS,
      tenant: {
        type: 'string',
        short: 't',
        value: 'tenant',
        text: 'The tenant of the filter; an empty text in an app without tenants',
      },
      endpoint: { type: 'string', value: 'ep_…', text: 'Deliveries to this endpoint' },
      type: { type: 'string', value: 'event type', text: 'Of events of this type' },
      status: {
        type: 'string',
        value: 'status',
        default: 'failed',
        choices: ['failed', 'canceled', 'succeeded', 'pending'],
        text: 'In this state',
      },
      since: {
        type: 'string',
        value: 'time',
        text: 'Made at this time or later: ISO 8601, or how long ago, such as 2h',
      },
      until: { type: 'string', value: 'time', text: 'Made before this time' },
      'per-second': {
        type: 'string',
        value: 'number',
        default: '50',
        text: 'How many to make due in a second',
      },
      limit: { type: 'string', value: 'number', default: '10000', text: 'How many at most' },
      actor: {
        type: 'string',
        value: 'name',
        text: 'Who does it, for the audit log; by default the user of this machine, such as cli:ada',
      },
      yes: { type: 'boolean', short: 'y', text: 'Send what the filter finds: without it, they are counted' },
      json: { type: 'boolean', text: 'Tell it as JSON' },
    },
  },
  async ({ values, positionals: ids }, say) => {
    const now = Date.now();
    const perSecond = wholeNumber('per-second', values['per-second'], 1, 1_000);
    const limit = wholeNumber('limit', values.limit, 1, 1_000_000);
    const { tenant, endpoint, type, since, until } = values;
    const hasFilter = [tenant, endpoint, type, since, until].some((value) => value !== undefined);
    if (ids.length > 0 && hasFilter) throw new UsageError('Give ids or a filter, not both.');
    const wrong = ids.find((id) => !/^(?:dlv|evt)_[0-9a-f]{32}$/.test(id));
    if (wrong !== undefined) throw new UsageError(`${wrong} is no id of a delivery or an event.`);
    if (ids.length === 0 && tenant === undefined)
      throw new UsageError('Give ids, or a filter with --tenant: an empty one in an app without tenants.');
    const filter = {
      tenant: tenant ?? '',
      status: values.status as 'failed',
      ...(endpoint === undefined ? {} : { endpointId: endpoint }),
      ...(type === undefined ? {} : { eventType: type }),
      ...(since === undefined ? {} : { since: time('since', since, now) }),
      ...(until === undefined ? {} : { until: time('until', until, now) }),
    };
    const { withDatabase } = await import('./open-database.js');
    const { deliveriesOf, found, sendAgain } = await import('./resend-deliveries.js');
    return withDatabase(values, async (dataSource) => {
      const isPreview = ids.length === 0 && !values.yes;
      if (isPreview) {
        const { count, isMore } = await found(dataSource, filter, limit);
        if (values.json) say(JSON.stringify({ toResend: count, isMore }));
        else
          say(
            `${count}${isMore ? ' or more' : ''} deliveries. Give --yes to send ${isMore ? `${count} of ` : ''}them again.`,
          );
        return 0;
      }
      const chosen = ids.length > 0 ? await deliveriesOf(dataSource, ids) : { filter, limit };
      const { resent, refused } = await sendAgain(dataSource, chosen, {
        perSecond,
        actor: values.actor ?? user(),
      });
      if (values.json) say(JSON.stringify({ resent, refused }));
      else {
        for (const { id, message } of refused) say(`${id}: ${message}`);
        say(`${resent} of ${resent + refused.length} deliveries are due now.`);
      }
      return refused.length > 0 ? 1 : 0;
    });
  },
);

/** A container may run as a user without a name. */
function user(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return 'cli';
  }
}
