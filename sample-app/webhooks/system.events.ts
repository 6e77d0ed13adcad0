import { IsIn, IsInt, IsISO8601, IsString, Min } from 'class-validator';
import type { WebhookEventCatalogueOptions } from 'nestjs-webhooks';
import { EXPORT_FORMATS, RESOURCES, type ExportFormat, type Resource } from '../exports/resources.js';

export class ReportGenerated {
  @IsString()
  report_id!: string;

  @IsString()
  title!: string;

  /** Days in UTC, both included. */
  @IsISO8601()
  period_start!: string;

  @IsISO8601()
  period_end!: string;

  @IsISO8601()
  generated_at!: string;
}

export class ExportCompleted {
  @IsString()
  export_id!: string;

  @IsIn(RESOURCES)
  resource!: Resource;

  @IsIn(EXPORT_FORMATS)
  format!: ExportFormat;

  @IsInt()
  @Min(0)
  row_count!: number;

  @IsInt()
  @Min(0)
  size_bytes!: number;

  @IsISO8601()
  completed_at!: string;
}

export class ImportCompleted {
  @IsString()
  import_id!: string;

  @IsIn(RESOURCES)
  resource!: Resource;

  @IsInt()
  @Min(0)
  imported_count!: number;

  /** Rows that could not be used. */
  @IsInt()
  @Min(0)
  rejected_count!: number;

  @IsISO8601()
  completed_at!: string;
}

const group = 'System';

export const systemEvents: WebhookEventCatalogueOptions = {
  'report.generated': {
    group,
    description: 'Triggered when a report is generated',
    payload: ReportGenerated,
    example: {
      report_id: 'rep_19f4',
      title: 'May so far',
      period_start: '2023-05-01',
      period_end: '2023-05-15',
      generated_at: '2023-05-15T14:22:30Z',
    },
  },
  'export.completed': {
    group,
    description: 'Triggered when a data export is completed',
    payload: ExportCompleted,
    example: {
      export_id: 'exp_5d20',
      resource: 'posts',
      format: 'csv',
      row_count: 48,
      size_bytes: 9216,
      completed_at: '2023-05-15T14:22:30Z',
    },
  },
  'import.completed': {
    group,
    description: 'Triggered when a data import is finished',
    payload: ImportCompleted,
    example: {
      import_id: 'imp_b8e1',
      resource: 'followers',
      imported_count: 250,
      rejected_count: 3,
      completed_at: '2023-05-15T14:22:30Z',
    },
  },
};
