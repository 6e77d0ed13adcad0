import { IsIn, IsOptional } from 'class-validator';
import { CUSTOMERS_ACTS, type WebhookActName } from '../../domain/audit.js';
import { About } from './documented.js';
import { IsEndpointId } from './field-rules.js';
import { WebhookPageDto } from './log.dto.js';

/** The query of `GET /audit`. */
export class ListWebhookAuditDto extends WebhookPageDto {
  @About('Only of this endpoint, a deleted one too.')
  @IsOptional()
  @IsEndpointId()
  endpointId?: string;

  @About('Only such acts.')
  @IsOptional()
  @IsIn(CUSTOMERS_ACTS)
  act?: WebhookActName;
}
