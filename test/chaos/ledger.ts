import type { EmitReport } from './app-process.js';

/** One call of emit, and what the app that made it knows of its outcome. */
export interface Emit {
  readonly ref: string;
  readonly type: string;
  readonly tenant: string;
  readonly key?: string | undefined;
  /** Bytes that the body has at least. */
  readonly padding?: string | undefined;
  readonly transaction?: AppTransaction | undefined;
}

/** A transaction of the app that emits in it. */
export interface AppTransaction {
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';
  /** Rows of `accounts` that the app changes: the first one before it emits, the others after. */
  readonly updates?: readonly number[];
  readonly rollback?: boolean;
}

export interface KnownEndpoint {
  readonly id: string;
  readonly tenant: string;
  /** Of every URL that it had. */
  readonly paths: string[];
  /** All that it ever had. */
  readonly secrets: string[];
  /** It is taken away or turned off: events may be canceled, or never have a delivery. */
  readonly mayMiss: boolean;
}

type Outcome = EmitReport['outcome'];

/** What was emitted and who wanted it: what the oracle compares with the database and the receiver. */
export class Ledger {
  readonly emits: Emit[] = [];
  readonly endpoints: KnownEndpoint[] = [];
  readonly faults: string[] = [];
  /** Attempts that somebody asked for beside the schedule. */
  resends = 0;
  private readonly reports = new Map<string, EmitReport>();

  report(report: EmitReport): void {
    this.reports.set(report.ref, report);
  }

  /** Unknown where the process ended, or its connection, before it could tell. */
  outcomeOf({ ref }: Emit): Outcome {
    return this.reports.get(ref)?.outcome ?? 'unknown';
  }

  reportOf({ ref }: Emit): EmitReport | undefined {
    return this.reports.get(ref);
  }

  count(outcome: Outcome): number {
    return this.emits.filter((emit) => this.outcomeOf(emit) === outcome).length;
  }
}
