import { IsIn, IsOptional } from 'class-validator';
import { PAUSE_SCOPES, type PauseScope } from '../../domain/pauses.js';
import { IsEndpointId, IsText } from '../dto/field-rules.js';

/** The body of `POST pauses`. */
export class PauseWebhooksDto {
  @IsIn(PAUSE_SCOPES)
  scope!: PauseScope;

  @IsOptional()
  @IsText(255)
  tenant?: string;

  @IsOptional()
  @IsEndpointId()
  endpointId?: string;

  @IsOptional()
  @IsText(500)
  reason?: string;
}
