/** Rows that are shown or hidden together. The key stays the same while rows arrive above and below. */
export interface Chunk<Row> {
  readonly key: string;
  /** The index of its first row in the whole list. */
  readonly start: number;
  readonly rows: readonly Row[];
}

const SIZE = 50;

/** Divides a list that grows at both ends. Chunks once made stay the same. */
export class Chunks<Row extends { readonly id: string }> {
  /** The ids of the rows at which a chunk begins. */
  private starts: ReadonlySet<string> = new Set();

  of(rows: readonly Row[]): readonly Chunk<Row>[] {
    if (rows.length === 0) return [];
    const known = rows.flatMap(({ id }, index) => (this.starts.has(id) ? [index] : []));
    const [first = 0] = known;
    const cuts = [
      ...downFrom(first),
      ...known.flatMap((cut, place) => upTo(cut, known[place + 1] ?? rows.length)),
    ];
    if (known.length === 0) cuts.push(...upTo(0, rows.length));
    const chunks = [...new Set([0, ...cuts])].map((start, place, all) => ({
      key: start === 0 && first > 0 ? 'new' : rows[start]!.id,
      start,
      rows: rows.slice(start, all[place + 1] ?? rows.length),
    }));
    this.starts = new Set(chunks.filter(({ key }) => key !== 'new').map(({ key }) => key));
    return chunks;
  }
}

/** Divides the new rows on top from the bottom up, so that only the topmost chunk grows. */
function downFrom(end: number): number[] {
  const cuts: number[] = [];
  for (let cut = end - SIZE; cut > 0; cut -= SIZE) cuts.unshift(cut);
  return cuts;
}

function upTo(start: number, end: number): number[] {
  const cuts: number[] = [];
  for (let cut = start; cut < end; cut += SIZE) cuts.push(cut);
  return cuts;
}
