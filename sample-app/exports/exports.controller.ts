import { Body, Controller, Get, Inject, Param, Post, StreamableFile, UseGuards } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import { CreateExportDto } from './create-export.dto.js';
import { ExportsService, type ExportInfo } from './exports.service.js';

const CONTENT_TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

@Controller('exports')
@UseGuards(AccountGuard)
export class ExportsController {
  constructor(@Inject(ExportsService) private readonly exports: ExportsService) {}

  @Get()
  list(@AccountId() accountId: string): Promise<ExportInfo[]> {
    return this.exports.list(accountId);
  }

  @Get(':id')
  get(@AccountId() accountId: string, @Param('id') id: string): Promise<ExportInfo> {
    return this.exports.get(accountId, id);
  }

  @Get(':id/content')
  async download(@AccountId() accountId: string, @Param('id') id: string): Promise<StreamableFile> {
    const { content, format, resource } = await this.exports.download(accountId, id);
    return new StreamableFile(Buffer.from(content), {
      type: CONTENT_TYPES[format],
      disposition: `attachment; filename="${resource}.${format}"`,
    });
  }

  @Post()
  create(@AccountId() accountId: string, @Body() dto: CreateExportDto): Promise<ExportInfo> {
    return this.exports.create(accountId, dto);
  }
}
