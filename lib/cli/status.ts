import { command, type Say } from './command.js';
import { DATABASE_OPTIONS } from './database-options.js';
import type { Status } from './status-report.js';
import { duration } from './values.js';

const KINDS = ['database', 'schema', 'due', 'lag', 'workers', 'failing', 'disabled', 'paused'] as const;
export type AttentionKind = (typeof KINDS)[number];

export const status = command(
  {
    summary: 'Tell what is due, who delivers, and what needs attention',
    description: `Looks at the database: how much is due and since when, which workers were heard of, which endpoints fail, were disabled or are paused.
The exit code is 1 where something needs attention, so that cron or a monitor can run it. What is to be expected is left out with --ignore.`,
    arguments: [],
    options: {
      ...DATABASE_OPTIONS,
      'max-lag': {
        type: 'string',
        value: 'duration',
        default: '5m',
        text: 'For how long something may be due',
      },
      since: {
        type: 'string',
        value: 'duration',
        default: '1d',
        text: 'For how long a disabled endpoint needs attention',
      },
      ignore: {
        type: 'string',
        multiple: true,
        value: 'kind',
        choices: KINDS,
        text: 'What needs no attention',
      },
      json: { type: 'boolean', text: 'Tell it as JSON' },
    },
  },
  async ({ values }, say) => {
    const maxLagMs = duration('max-lag', values['max-lag']);
    const sinceMs = duration('since', values.since);
    const { withDatabase, DatabaseAwayError } = await import('./open-database.js');
    const { NOTHING, readStatus } = await import('./status-report.js');
    const report = await withDatabase(values, (dataSource) =>
      readStatus(dataSource, { maxLagMs, sinceMs }),
    ).catch((error: unknown): Status => {
      if (!(error instanceof DatabaseAwayError)) throw error;
      return { ...NOTHING, attention: [{ kind: 'database', text: error.message }] };
    });
    const ignored: readonly string[] = values.ignore;
    const attention = report.attention.filter(({ kind }) => !ignored.includes(kind));
    if (values.json) say(JSON.stringify({ ...report, attention }));
    else tell({ ...report, attention }, say);
    return attention.length > 0 ? 1 : 0;
  },
);

function tell({ due, workers, failing, disabled, paused, attention }: Status, say: Say): void {
  if (due) {
    const count = `${due.count}${due.isMore ? ' or more' : ''}`;
    say(`due       ${count}${due.oldestDueAt ? `, the oldest since ${due.oldestDueAt}` : ''}`);
  }
  if (due) say(`workers   ${workers.map(({ name, seenAt }) => `${name} (${seenAt})`).join(', ') || 'none'}`);
  for (const { endpointId, tenant, since } of failing)
    say(`failing   ${endpointId} of ${tenant || '-'} since ${since}`);
  for (const { endpointId, tenant, since, reason } of disabled)
    say(`disabled  ${endpointId} of ${tenant || '-'} at ${since}: ${reason}`);
  for (const { scope, tenant, endpointId, since } of paused)
    say(`paused    ${scope === 'all' ? 'everything' : endpointId || `tenant ${tenant}`} since ${since}`);
  say(attention.length === 0 ? 'Nothing needs attention.' : 'Needs attention:');
  for (const { kind, text } of attention) say(`  ${kind}: ${text}`);
}
