import { BadRequestException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { EmitsWebhook } from 'nestjs-webhooks';
import { DataSource, In, Repository } from 'typeorm';
import { NumbersService } from '../analytics/numbers.service.js';
import { newId } from '../common/id.js';
import { DAY_MS, isoDate, isoTime, startOfDay, type Period } from '../common/time.js';
import { Post } from '../posts/post.entity.js';
import type { ReportGenerated } from '../webhooks/system.events.js';
import type { GenerateReportDto } from './generate-report.dto.js';
import { Report, type ReportDocument } from './report.entity.js';

const DEFAULT_DAYS = 7;
const MOST_DAYS = 92;
const TOP_POSTS = 5;
const LIST_SIZE = 100;

const toReportGenerated = (report: Report): ReportGenerated => ({
  report_id: report.id,
  title: report.title,
  period_start: report.periodStart,
  period_end: report.periodEnd,
  generated_at: isoTime(report.generatedAt),
});

@Injectable()
export class ReportsService {
  constructor(
    @InjectRepository(Report) private readonly reports: Repository<Report>,
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NumbersService) private readonly numbers: NumbersService,
  ) {}

  @EmitsWebhook('report.generated', { data: toReportGenerated, tenant: ({ accountId }: Report) => accountId })
  async generate(accountId: string, dto: GenerateReportDto): Promise<Report> {
    const period = periodOf(dto);
    const periodStart = isoDate(period.from);
    const periodEnd = isoDate(period.to - DAY_MS);
    return this.reports.save({
      id: newId('rep'),
      accountId,
      title: dto.title ?? `${periodStart} to ${periodEnd}`,
      periodStart,
      periodEnd,
      document: await this.write(accountId, period),
      generatedAt: Date.now(),
    });
  }

  list(accountId: string): Promise<Report[]> {
    return this.reports.find({ where: { accountId }, order: { generatedAt: 'DESC' }, take: LIST_SIZE });
  }

  /** @throws NotFoundException */
  async get(accountId: string, id: string): Promise<Report> {
    const report = await this.reports.findOneBy({ accountId, id });
    if (!report) throw new NotFoundException(`There is no report ${id}.`);
    return report;
  }

  private async write(accountId: string, period: Period): Promise<ReportDocument> {
    const days: ReportDocument['days'][number][] = [];
    for (let from = period.from; from < period.to; from += DAY_MS) {
      const counts = await this.numbers.count(accountId, { from, to: from + DAY_MS });
      days.push({ date: isoDate(from), ...counts });
    }
    const top = (await this.numbers.engagementsByPost(accountId, period)).slice(0, TOP_POSTS);
    const posts = await this.dataSource.manager.findBy(Post, { id: In(top.map(({ postId }) => postId)) });
    const contents = new Map(posts.map(({ id, content }) => [id, content]));
    return {
      totals: await this.numbers.count(accountId, period),
      days,
      topPosts: top.map(({ postId, count }) => ({
        postId,
        content: contents.get(postId) ?? '',
        engagements: count,
      })),
    };
  }
}

function periodOf({ from, to }: GenerateReportDto): Period {
  const end = (to === undefined ? startOfDay(Date.now()) : Date.parse(to)) + DAY_MS;
  const start = from === undefined ? end - DEFAULT_DAYS * DAY_MS : Date.parse(from);
  const days = (end - start) / DAY_MS;
  if (days >= 1 && days <= MOST_DAYS) return { from: start, to: end };
  throw new BadRequestException(`from and to must be days, in this order, at most ${MOST_DAYS} of them.`);
}
