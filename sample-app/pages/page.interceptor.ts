import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import type { VisitorRequest } from '../accounts/visitor.guard.js';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import type { Answer } from './page.js';
import { frameOf } from './layout.js';
import { respond } from './respond.js';

/** Puts the result of a handler into the layout. */
@Injectable()
export class PageInterceptor implements NestInterceptor<Answer, string> {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<string> {
    const http = context.switchToHttp();
    const { account } = http.getRequest<VisitorRequest>();
    const frame = frameOf(account?.id, this.environment);
    return next.handle().pipe(map((answer) => respond(http.getResponse<Response>(), answer, frame)));
  }
}
