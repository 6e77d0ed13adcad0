import { spread } from './statistics.js';

/** One of the aims that the figures are held to. */
export interface Goal {
  readonly text: string;
  readonly value: number;
  readonly met: boolean;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a section found: for people, and for programs. */
export interface SectionReport {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  readonly figures: unknown;
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

export const atLeast = (text: string, value: number, least: number): Goal => ({
  text: `${text} ≥ ${least}`,
  value,
  met: value >= least,
});

export const atMost = (text: string, value: number, most: number): Goal => ({
  text: `${text} ≤ ${most}`,
  value,
  met: value <= most,
});

/** Three digits are as many as such figures are good for. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** The median, and the range where there is more than one. */
export function shownSpread(values: readonly number[]): string {
  const { median, least, most } = spread(values);
  return values.length > 1 ? `${figure(median)} (${figure(least)}–${figure(most)})` : figure(median);
}

export function sayTable({ title, columns, rows }: Table): void {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  say(`\n${title}`);
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    say(`  ${cells.join('  ')}`);
  }
}

export function sayGoals(goals: readonly Goal[]): void {
  for (const { text, value, met } of goals) say(`  ${met ? '✓' : '✗'} ${text}: ${figure(value)}`);
}
