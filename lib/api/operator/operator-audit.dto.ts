import { IsIn, IsOptional } from 'class-validator';
import { WEBHOOK_ACTS, type WebhookActName } from '../../domain/audit.js';
import { About } from '../dto/documented.js';
import { IsEndpointId, IsText, IsTime } from '../dto/field-rules.js';
import { WebhookPageDto } from '../dto/log.dto.js';

/** The query of `GET audit`. */
export class ListOperatorAuditDto extends WebhookPageDto {
  @About("Only of this tenant; `''` is all of them, and that of an app without tenants.")
  @IsOptional()
  @IsText(255)
  tenant?: string;

  @About('Only of this endpoint, a deleted one too.')
  @IsOptional()
  @IsEndpointId()
  endpointId?: string;

  @About('Only such acts.')
  @IsOptional()
  @IsIn(WEBHOOK_ACTS)
  act?: WebhookActName;

  @About('Only what they did: `actor.id`.')
  @IsOptional()
  @IsText(255)
  actor?: string;

  @About('From this time on.')
  @IsOptional()
  @IsTime()
  since?: number;

  @About('Up to this time, exclusive.')
  @IsOptional()
  @IsTime()
  until?: number;
}
