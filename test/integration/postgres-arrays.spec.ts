import { describe, expect, it } from 'vitest';
import { EPOCH_MS, FLAG, TEXT, nullable, type Column } from '../../lib/persistence/sql/column.js';
import { arraysOf } from '../../lib/persistence/sql/postgres-arrays.js';
import { withDataSource } from '../support/bare-app.js';
import { createDatabase } from '../support/databases.js';

const TEXTS = [
  null,
  '',
  'NULL',
  'plain',
  '{"quotes":"and \\"these\\""}',
  'back\\slash\\',
  '{a,b}',
  ' spaces, commas\tand\r\nlines ',
  'é 漢字 👩‍👩‍👧',
  'x'.repeat(100_000),
];

type Row = readonly unknown[];

const COLUMNS: readonly Column<Row>[] = [
  { name: 'text', type: nullable(TEXT), value: ([text]) => text },
  { name: 'number', type: nullable(EPOCH_MS), value: ([, number]) => number },
  { name: 'flag', type: FLAG, value: ([, , flag]) => flag },
];

describe.each([true, false])('Columns as arrays, binary: %s', (binary) => {
  it('are what PostgreSQL reads, whatever is in them', async () => {
    const rows = TEXTS.map((text, index) => [text, index === 1 ? null : index * 2 ** 40, text === null]);
    const database = await createDatabase('postgres');
    await withDataSource(database, async (dataSource) => {
      const sql = 'SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[]) AS t(text, number, flag)';
      const read: { text: string | null; number: string | null; flag: boolean }[] = await dataSource.query(
        sql,
        arraysOf(rows, COLUMNS, binary),
      );
      expect(
        read.map(({ text, number, flag }) => [text, number === null ? null : Number(number), flag]),
      ).toEqual(rows);
      expect(await dataSource.query(sql, arraysOf([], COLUMNS, binary))).toEqual([]);
    });
    await database.drop();
  });

  it('have the bytes that any text has in UTF-8, and no NUL, which PostgreSQL refuses', async () => {
    const database = await createDatabase('postgres');
    await withDataSource(database, async (dataSource) => {
      const read = (text: string): Promise<object[]> =>
        dataSource.query(
          'SELECT text FROM unnest($1::text[]) AS t(text)',
          arraysOf([[text]], COLUMNS.slice(0, 1), binary),
        );
      expect(await read('half of a pair: \ud83d')).toEqual([{ text: 'half of a pair: \ufffd' }]);
      await expect(read('a\0b')).rejects.toMatchObject({ driverError: { code: '22021' } });
    });
    await database.drop();
  });
});
