import { Body, Controller, Get, Inject, Post, UseGuards } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import { CreateImportDto } from './create-import.dto.js';
import type { DataImport } from './data-import.entity.js';
import { ImportsService } from './imports.service.js';

@Controller('imports')
@UseGuards(AccountGuard)
export class ImportsController {
  constructor(@Inject(ImportsService) private readonly imports: ImportsService) {}

  @Get()
  list(@AccountId() accountId: string): Promise<DataImport[]> {
    return this.imports.list(accountId);
  }

  @Post()
  run(@AccountId() accountId: string, @Body() dto: CreateImportDto): Promise<DataImport> {
    return this.imports.run(accountId, dto);
  }
}
