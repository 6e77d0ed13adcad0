import { ArrayMaxSize, IsArray, IsIn, IsObject, IsString, MaxLength, ValidateIf } from 'class-validator';
import { RESOURCES, type Resource } from '../exports/resources.js';

export const MOST_ROWS = 5_000;

/** `csv` or `rows`: posts have a `content`, and may have a `published_at`; followers have a `username`. */
export class CreateImportDto {
  @IsIn(RESOURCES)
  resource!: Resource;

  /** The platform of the rows. */
  @IsString()
  platformId!: string;

  /** CSV whose first line is a header. */
  @ValidateIf(({ rows }: CreateImportDto) => rows === undefined)
  @IsString({ message: 'Give csv, a text with a header line, or rows, a list of objects' })
  @MaxLength(900_000)
  csv?: string;

  @ValidateIf(({ csv }: CreateImportDto) => csv === undefined)
  @IsArray()
  @ArrayMaxSize(MOST_ROWS)
  @IsObject({ each: true })
  rows?: Record<string, unknown>[];
}
