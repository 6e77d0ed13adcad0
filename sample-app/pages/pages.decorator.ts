import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { AccountGuard } from '../accounts/account.guard.js';
import { VisitorGuard } from '../accounts/visitor.guard.js';
import { PageErrorFilter } from './page-error.filter.js';
import { PageInterceptor } from './page.interceptor.js';

/** A controller whose handlers return pages, for people who are signed in. */
export const Pages = (path = ''): ClassDecorator =>
  applyDecorators(
    Controller(path),
    UseGuards(AccountGuard),
    UseInterceptors(PageInterceptor),
    UseFilters(PageErrorFilter),
  );

/** The same, for everybody. */
export const OpenPages = (path = ''): ClassDecorator =>
  applyDecorators(
    Controller(path),
    UseGuards(VisitorGuard),
    UseInterceptors(PageInterceptor),
    UseFilters(PageErrorFilter),
  );
