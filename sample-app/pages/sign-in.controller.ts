import { Body, Get, Inject, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AccountsService } from '../accounts/accounts.service.js';
import { SameOriginGuard } from '../accounts/same-origin.js';
import { clearSessionCookie, readSessionCookie, writeSessionCookie } from '../accounts/session-cookie.js';
import { SessionsService } from '../accounts/sessions.service.js';
import type { VisitorRequest } from '../accounts/visitor.guard.js';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { textOf, type Form } from './forms.js';
import { localPath, seeOther, type Answer } from './page.js';
import { OpenPages } from './pages.decorator.js';
import { signInPage } from './sign-in.page.js';

@OpenPages()
export class SignInController {
  constructor(
    @Inject(AccountsService) private readonly accounts: AccountsService,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get('sign-in')
  show(@Req() request: VisitorRequest, @Query('next') wanted?: unknown): Answer {
    const next = localPath(wanted);
    if (request.account) return seeOther(next);
    return signInPage({ next, demo: this.environment.demo });
  }

  @Post('sign-in')
  @UseGuards(SameOriginGuard)
  async signIn(@Res({ passthrough: true }) response: Response, @Body() form: Form = {}): Promise<Answer> {
    const next = localPath(form.next);
    const name = textOf(form, 'account');
    const password = typeof form.password === 'string' ? form.password : '';
    const account = await this.accounts.findByPassword(name, password);
    if (!account) {
      const problem = 'There is no such account, or the password is another one.';
      return signInPage({ next, demo: this.environment.demo, account: name, problem });
    }
    writeSessionCookie(response, await this.sessions.open(account.id));
    return seeOther(next);
  }

  @Post('sign-out')
  @UseGuards(SameOriginGuard)
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<Answer> {
    const token = readSessionCookie(request);
    if (token !== undefined) await this.sessions.close(token);
    clearSessionCookie(response);
    return seeOther('/sign-in');
  }
}
