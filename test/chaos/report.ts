export interface ReportRow {
  readonly scenario: string;
  readonly stack: string;
  readonly faults: number;
  readonly committed: number;
  readonly 'rolled back': number;
  readonly unknown: number;
  readonly requests: number;
  readonly duplicates: number;
  readonly losses: number;
  readonly seconds: number;
}

/** What the scenarios came to, for a terminal. */
export function tableOf(rows: readonly ReportRow[]): string {
  const [first] = rows;
  if (!first) return 'No scenario ran.';
  const names = Object.keys(first) as (keyof ReportRow)[];
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line.map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      ),
    )
    .map((cells) => cells.join('  '))
    .join('\n');
}
