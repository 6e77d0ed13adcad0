import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Days in UTC, both included. Default: the last seven, today included. */
export class GenerateReportDto {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  title?: string;

  @IsOptional()
  @Matches(DAY, { message: 'from must be a day such as 2023-05-15' })
  from?: string;

  @IsOptional()
  @Matches(DAY, { message: 'to must be a day such as 2023-05-15' })
  to?: string;
}
