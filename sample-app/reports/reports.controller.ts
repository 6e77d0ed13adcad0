import { Body, Controller, Get, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import { GenerateReportDto } from './generate-report.dto.js';
import type { Report } from './report.entity.js';
import { ReportsService } from './reports.service.js';

@Controller('reports')
@UseGuards(AccountGuard)
export class ReportsController {
  constructor(@Inject(ReportsService) private readonly reports: ReportsService) {}

  @Get()
  list(@AccountId() accountId: string): Promise<Report[]> {
    return this.reports.list(accountId);
  }

  @Get(':id')
  get(@AccountId() accountId: string, @Param('id') id: string): Promise<Report> {
    return this.reports.get(accountId, id);
  }

  @Post()
  generate(@AccountId() accountId: string, @Body() dto: GenerateReportDto): Promise<Report> {
    return this.reports.generate(accountId, dto);
  }
}
