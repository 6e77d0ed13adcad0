import { describe, expect, it } from 'vitest';
import { Chunks } from '../../lib/dashboard/element/state/chunks.js';

/** Newest first: `r<from>` down to `r<to>`. */
const rows = (from: number, to: number): { id: string }[] =>
  Array.from({ length: from - to + 1 }, (_, index) => ({ id: `r${from - index}` }));

const shapes = (chunks: ReturnType<Chunks<{ id: string }>['of']>): string[] =>
  chunks.map(({ key, start, rows: own }) => `${key} @${start} ${own[0]!.id}–${own.at(-1)!.id}`);

describe('the chunks of a long list', () => {
  it('are of 50', () => {
    expect(shapes(new Chunks().of(rows(120, 1)))).toEqual([
      'r120 @0 r120–r71',
      'r70 @50 r70–r21',
      'r20 @100 r20–r1',
    ]);
    expect(new Chunks().of([])).toEqual([]);
  });

  it('stay as they are while rows come on top and at the end', () => {
    const chunks = new Chunks();
    chunks.of(rows(200, 101));

    expect(shapes(chunks.of(rows(203, 101)))).toEqual([
      'new @0 r203–r201',
      'r200 @3 r200–r151',
      'r150 @53 r150–r101',
    ]);
    expect(shapes(chunks.of(rows(203, 41)))).toEqual([
      'new @0 r203–r201',
      'r200 @3 r200–r151',
      'r150 @53 r150–r101',
      'r100 @103 r100–r51',
      'r50 @153 r50–r41',
    ]);
  });

  it('divide what has come on top once it is more than 50', () => {
    const chunks = new Chunks();
    chunks.of(rows(50, 1));
    chunks.of(rows(95, 1));

    expect(shapes(chunks.of(rows(120, 1)))).toEqual([
      'new @0 r120–r101',
      'r100 @20 r100–r51',
      'r50 @70 r50–r1',
    ]);
  });

  it('begin anew with another list', () => {
    const chunks = new Chunks();
    chunks.of(rows(200, 101));

    expect(shapes(chunks.of(rows(60, 1)))).toEqual(['r60 @0 r60–r11', 'r10 @50 r10–r1']);
  });
});
