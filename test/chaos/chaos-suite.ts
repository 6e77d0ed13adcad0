import { afterAll, describe, expect, it } from 'vitest';
import { endProcesses } from './app-process.js';
import { ChaosRun } from './chaos-run.js';
import { judge } from './oracle.js';
import { tableOf, type ReportRow } from './report.js';
import type { Scenario, Stack } from './scenario.js';
import { storedRows } from './stored-rows.js';
import { ATTEMPTS, LONG, volume } from './options.js';

/** Runs each scenario on its stacks, several at a time, and lets the oracle judge. */
export function chaosSuite(scenarios: readonly Scenario[]): void {
  const report: ReportRow[] = [];
  describe('An app', () => {
    for (const scenario of scenarios) {
      for (const stack of scenario.stacks) {
        const run = LONG && scenario.heavy ? it : it.concurrent;
        run(
          `loses nothing when ${scenario.name} (${stack.name})`,
          async () => {
            const row = await play(scenario, stack, report);
            expect(row).toEqual([]);
          },
          LONG ? 900_000 : 120_000,
        );
      }
    }
    afterAll(async () => {
      await endProcesses();
      console.log(tableOf(report));
    });
  });
}

async function play(scenario: Scenario, stack: Stack, report: ReportRow[]): Promise<string[]> {
  const started = performance.now();
  const chaos = new ChaosRun(stack);
  try {
    await chaos.open();
    await scenario.run(chaos);
    const settled = await chaos
      .until(
        'nothing is pending',
        async () => (await chaos.pending()) === 0,
        scenario.settlesIn ?? volume(60_000, 300_000),
      )
      .then(
        () => true,
        () => false,
      );
    const { allowsDuplicates, pruned = false } = scenario;
    const { ledger } = chaos;
    const { requests } = chaos.receiver;
    const rows = await storedRows(chaos.dataSource);
    const { problems, duplicates } = judge(ledger, rows, requests, {
      allowsDuplicates,
      pruned,
      attempts: ATTEMPTS,
    });
    if (ledger.count('committed') === 0) problems.push('Nothing was committed: the scenario proves nothing.');
    const row: ReportRow = {
      scenario: scenario.name,
      stack: stack.name,
      faults: ledger.faults.length,
      committed: ledger.count('committed'),
      'rolled back': ledger.count('rolled back'),
      unknown: ledger.count('unknown'),
      requests: requests.length,
      duplicates,
      losses: problems.filter((problem) => problem.includes('LOST')).length,
      seconds: Math.round((performance.now() - started) / 100) / 10,
    };
    report.push(row);
    // A long run takes minutes: tell how far it is.
    if (LONG) console.log(tableOf([row]).split('\n')[1]);
    return settled ? problems : ['It did not come to rest.', ...problems];
  } finally {
    await chaos.close();
  }
}
