import {
  Catch,
  HttpException,
  Inject,
  Logger,
  UnauthorizedException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Response } from 'express';
import type { VisitorRequest } from '../accounts/visitor.guard.js';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { html } from './html.js';
import { seeOther, signInPath, type Answer } from './page.js';
import { frameOf } from './layout.js';
import { respond } from './respond.js';

/** Redirects people who are not signed in to the sign-in page, and shows other errors on a page. */
@Catch()
export class PageErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Pages');

  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<VisitorRequest>();
    const response = http.getResponse<Response>();
    const frame = frameOf(request.account?.id, this.environment);
    response.send(respond(response, this.answer(error, request), frame));
  }

  private answer(error: unknown, { method, originalUrl }: VisitorRequest): Answer {
    // After a form there is no page to return to, and the form was not accepted.
    if (error instanceof UnauthorizedException)
      return seeOther(signInPath(method === 'GET' ? originalUrl : '/'));
    if (error instanceof HttpException) return errorPage(error.getStatus(), error.message);
    this.logger.error(error instanceof Error ? error.stack : error);
    return errorPage(500, 'Something went wrong on our side. Try again in a moment.');
  }
}

const errorPage = (status: number, message: string): Answer => ({
  title: status === 404 ? 'Not found' : 'That did not work',
  status,
  body: html`<div class="card empty">
    <p class="number">${status}</p>
    <p>${message}</p>
    <p><a class="button" href="/">Back to the overview</a></p>
  </div>`,
});
