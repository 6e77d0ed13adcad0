import { Body, Get, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { AccountId } from '../accounts/account-id.decorator.js';
import { CreateApiKeyDto } from '../accounts/api-key.dto.js';
import { ApiKeysService } from '../accounts/api-keys.service.js';
import { apiKeysPage } from './api-keys.page.js';
import { problemsOf, textOf, type Form } from './forms.js';
import { seeOther, type Answer, type Page } from './page.js';
import { Pages } from './pages.decorator.js';

@Pages('integrations/api-keys')
export class ApiKeysController {
  constructor(@Inject(ApiKeysService) private readonly keys: ApiKeysService) {}

  @Get()
  async show(@AccountId() accountId: string, @Query('done') done?: unknown): Promise<Page> {
    return apiKeysPage({ keys: await this.keys.list(accountId), done });
  }

  /** Shows the key in the response itself: it is not stored, so a page after a redirect could not show it. */
  @Post()
  async create(
    @AccountId() accountId: string,
    @Req() { protocol, host }: Request,
    @Body() form: Form = {},
  ): Promise<Page> {
    const dto = Object.assign(new CreateApiKeyDto(), { name: textOf(form, 'name') });
    const problems = await problemsOf(dto, { name: 'The name' });
    if (problems) return apiKeysPage({ keys: await this.keys.list(accountId), name: dto.name, problems });
    const key = await this.keys.create(accountId, dto.name);
    const created = { name: dto.name, key, origin: `${protocol}://${host}` };
    return apiKeysPage({ keys: await this.keys.list(accountId), created });
  }

  @Post(':id/revoke')
  async revoke(@AccountId() accountId: string, @Param('id') id: string): Promise<Answer> {
    await this.keys.revoke(accountId, id);
    return seeOther('/integrations/api-keys?done=revoked');
  }
}
