import { Body, Inject, NotFoundException, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { SameOriginGuard } from '../accounts/same-origin.js';
import { writeSessionCookie } from '../accounts/session-cookie.js';
import { SessionsService } from '../accounts/sessions.service.js';
import { DEMO_OPERATOR, DEMO_PASSWORDS } from '../config/account-credentials.js';
import { textOf, type Form } from '../pages/forms.js';
import { localPath, seeOther, type Answer } from '../pages/page.js';
import { OpenPages } from '../pages/pages.decorator.js';

/** Only with DEMO=1, which has public passwords: signs in with one click. */
@OpenPages('demo')
export class DemoSignInController {
  constructor(@Inject(SessionsService) private readonly sessions: SessionsService) {}

  @Post('sign-in')
  @UseGuards(SameOriginGuard)
  async signIn(@Res({ passthrough: true }) response: Response, @Body() form: Form = {}): Promise<Answer> {
    const account = textOf(form, 'account');
    if (!Object.hasOwn({ ...DEMO_PASSWORDS, ...DEMO_OPERATOR }, account))
      throw new NotFoundException('There is no such demo account.');
    writeSessionCookie(response, await this.sessions.open(account));
    return seeOther(localPath(form.next));
  }
}
