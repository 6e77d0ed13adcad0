import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, longTextColumn, textColumn } from '../common/columns.js';
import type { SummaryCounts } from '../webhooks/analytics.events.js';

/** The content of a report. */
export interface ReportDocument {
  readonly totals: SummaryCounts;
  readonly days: readonly (SummaryCounts & { readonly date: string })[];
  readonly topPosts: readonly {
    readonly postId: string;
    readonly content: string;
    readonly engagements: number;
  }[];
}

@Entity('reports')
export class Report {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(textColumn(200))
  title!: string;

  /** Days in UTC, both included. */
  @Column(textColumn(10))
  periodStart!: string;

  @Column(textColumn(10))
  periodEnd!: string;

  @Column({
    ...longTextColumn,
    transformer: { to: JSON.stringify, from: (value: string): unknown => JSON.parse(value) },
  })
  document!: ReportDocument;

  @Column(epochMsColumn)
  generatedAt!: number;
}
