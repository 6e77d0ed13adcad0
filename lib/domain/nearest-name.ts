/** The known name that a misspelled one most likely means. They differ in case, or in at most two typing errors. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((one) => [distance(name.toLowerCase(), one.toLowerCase()), one] as const);
  const [nearest] = distances.sort(([a], [b]) => a - b);
  return nearest && nearest[0] <= Math.min(2, Math.floor(name.length / 3)) ? nearest[1] : undefined;
}

/** How many insertions, deletions, replacements and swaps of neighbours turn one into the other. */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    rows[row] = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row]![column] = Math.min(
        rows[row - 1]![column]! + 1,
        rows[row]![column - 1]! + 1,
        rows[row - 1]![column - 1]! + same,
        swapped ? rows[row - 2]![column - 2]! + 1 : Infinity,
      );
    }
  }
  return rows[one.length]![other.length]!;
}
