import { command, UsageError, type Say } from './command.js';
import { DATABASE_OPTIONS } from './database-options.js';
import { wholeNumber } from './values.js';

export const migrate = command(
  {
    summary: 'Run the migrations of webhooks, take them back, or show them',
    description: `Runs webhooksMigrations alone, and leaves the app's own migrations to the app. Both write down what has run in the same table.

  nestjs-webhooks migrate show              which have run; 1 where some have not
  nestjs-webhooks migrate up                runs those that have not, one process at a time
  nestjs-webhooks migrate down --yes        takes the last one back, with what is in its tables and columns`,
    arguments: [{ name: 'direction', choices: ['up', 'down', 'show'], text: 'What to do' }],
    options: {
      ...DATABASE_OPTIONS,
      steps: { type: 'string', value: 'number', default: '1', text: 'How many down takes back' },
      yes: { type: 'boolean', short: 'y', text: 'Take back: without it, down says what would go' },
      json: { type: 'boolean', text: 'Tell it as JSON' },
    },
  },
  async ({ values, positionals: [direction] }, say) => {
    const steps = wholeNumber('steps', values.steps, 1, 1_000);
    const { withDatabase } = await import('./open-database.js');
    const { migrateDown, migrateUp, migrationStates } = await import('../persistence/schema/migrate.js');
    return withDatabase(values, async (dataSource) => {
      if (direction === 'show') {
        const states = await migrationStates(dataSource);
        if (values.json) say(JSON.stringify({ migrations: states }));
        else for (const { name, hasRun } of states) say(`[${hasRun ? 'x' : ' '}] ${name}`);
        return states.every(({ hasRun }) => hasRun) ? 0 : 1;
      }
      if (direction === 'up') return tell('ran', await migrateUp(dataSource), values.json, say);
      if (!values.yes) {
        const last = (await migrationStates(dataSource)).filter(({ hasRun }) => hasRun).slice(-steps);
        const names = last.map(({ name }) => name).toReversed();
        throw new UsageError(
          `It would take back ${names.join(', ') || 'nothing'}, with all that is in its tables and columns. Give --yes to do it.`,
        );
      }
      return tell('took back', await migrateDown(dataSource, steps), values.json, say);
    });
  },
);

function tell(did: 'ran' | 'took back', names: readonly string[], asJson: boolean, say: Say): number {
  if (asJson) say(JSON.stringify({ [did === 'ran' ? 'ran' : 'reverted']: names }));
  else if (names.length === 0) say(`There was nothing to do.`);
  else for (const name of names) say(`${did} ${name}`);
  return 0;
}
