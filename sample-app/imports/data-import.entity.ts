import { Column, Entity, PrimaryColumn } from 'typeorm';
import { countColumn, epochMsColumn, idColumn, textColumn } from '../common/columns.js';
import type { Resource } from '../exports/resources.js';

@Entity('imports')
export class DataImport {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(textColumn(20))
  resource!: Resource;

  @Column(countColumn)
  importedCount!: number;

  @Column(countColumn)
  rejectedCount!: number;

  @Column(epochMsColumn)
  completedAt!: number;
}
