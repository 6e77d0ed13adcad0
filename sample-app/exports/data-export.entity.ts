import { Column, Entity, PrimaryColumn } from 'typeorm';
import { countColumn, epochMsColumn, idColumn, longTextColumn, textColumn } from '../common/columns.js';
import type { ExportFormat, Resource } from './resources.js';

@Entity('exports')
export class DataExport {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(textColumn(20))
  resource!: Resource;

  @Column(textColumn(10))
  format!: ExportFormat;

  @Column(countColumn)
  rowCount!: number;

  @Column(countColumn)
  sizeBytes!: number;

  @Column(epochMsColumn)
  completedAt!: number;

  /** Only read for the download. */
  @Column({ ...longTextColumn, select: false })
  content!: string;
}
