import { IsIn } from 'class-validator';

const ANALYTICS_KINDS = ['daily', 'weekly', 'trends'] as const;

export class RunAnalyticsDto {
  @IsIn(ANALYTICS_KINDS)
  kind!: (typeof ANALYTICS_KINDS)[number];
}
