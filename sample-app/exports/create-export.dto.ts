import { IsIn, IsOptional } from 'class-validator';
import { EXPORT_FORMATS, RESOURCES, type ExportFormat, type Resource } from './resources.js';

export class CreateExportDto {
  @IsIn(RESOURCES)
  resource!: Resource;

  @IsOptional()
  @IsIn(EXPORT_FORMATS)
  format: ExportFormat = 'csv';
}
