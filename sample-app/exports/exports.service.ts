import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EmitsWebhook } from 'nestjs-webhooks';
import { Repository } from 'typeorm';
import { newId } from '../common/id.js';
import { isoTime } from '../common/time.js';
import type { ExportCompleted } from '../webhooks/system.events.js';
import type { CreateExportDto } from './create-export.dto.js';
import { toCsv } from './csv.js';
import { DataExport } from './data-export.entity.js';
import { COLUMNS, exportRows } from './export-rows.js';

const LIST_SIZE = 100;

/** An export without its content. */
export type ExportInfo = Omit<DataExport, 'content'>;

const toExportCompleted = (done: ExportInfo): ExportCompleted => ({
  export_id: done.id,
  resource: done.resource,
  format: done.format,
  row_count: done.rowCount,
  size_bytes: done.sizeBytes,
  completed_at: isoTime(done.completedAt),
});

@Injectable()
export class ExportsService {
  constructor(@InjectRepository(DataExport) private readonly exports: Repository<DataExport>) {}

  @EmitsWebhook('export.completed', {
    data: toExportCompleted,
    tenant: ({ accountId }: ExportInfo) => accountId,
  })
  async create(accountId: string, { resource, format }: CreateExportDto): Promise<ExportInfo> {
    const rows = await exportRows(this.exports.manager, accountId, resource);
    const content = format === 'csv' ? toCsv(COLUMNS[resource], rows) : JSON.stringify(rows);
    const info: ExportInfo = {
      id: newId('exp'),
      accountId,
      resource,
      format,
      rowCount: rows.length,
      sizeBytes: Buffer.byteLength(content),
      completedAt: Date.now(),
    };
    await this.exports.insert({ ...info, content });
    return info;
  }

  list(accountId: string): Promise<ExportInfo[]> {
    return this.exports.find({ where: { accountId }, order: { completedAt: 'DESC' }, take: LIST_SIZE });
  }

  /** @throws NotFoundException */
  async get(accountId: string, id: string): Promise<ExportInfo> {
    const found = await this.exports.findOneBy({ accountId, id });
    if (!found) throw new NotFoundException(`There is no export ${id}.`);
    return found;
  }

  /** @throws NotFoundException */
  async download(accountId: string, id: string): Promise<DataExport> {
    const info = await this.get(accountId, id);
    const { content } = await this.exports.findOneOrFail({
      where: { id },
      select: { id: true, content: true },
    });
    return { ...info, content };
  }
}
