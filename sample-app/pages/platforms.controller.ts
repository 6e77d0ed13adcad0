import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { ConnectPlatformDto, UpdatePlatformDto } from '../platforms/platform.dto.js';
import { PlatformsService } from '../platforms/platforms.service.js';
import { problemsOf, refusal, textOf, type Form } from './forms.js';
import { seeOther, type Answer, type Page } from './page.js';
import { Pages } from './pages.decorator.js';
import { platformsPage, type PlatformsState } from './platforms.page.js';

const LABELS = { type: 'The platform', username: 'The username' };

@Pages('platforms')
export class PlatformPagesController {
  constructor(@Inject(PlatformsService) private readonly platforms: PlatformsService) {}

  @Get()
  show(
    @AccountId() accountId: string,
    @Query('rename') rename?: unknown,
    @Query('done') done?: unknown,
  ): Promise<Page> {
    return this.page(accountId, {
      done,
      ...(typeof rename === 'string' ? { renaming: { id: rename } } : {}),
    });
  }

  @Post()
  async connect(@AccountId() accountId: string, @Body() form: Form = {}): Promise<Answer> {
    const dto = Object.assign(new ConnectPlatformDto(), {
      type: textOf(form, 'type'),
      username: textOf(form, 'username'),
    });
    const problems =
      (await problemsOf(dto, LABELS)) ??
      (await refusal('username', () => this.platforms.connect(accountId, dto)));
    if (problems) return this.page(accountId, { connecting: dto, problems });
    return seeOther('/platforms?done=connected');
  }

  @Post(':id/rename')
  async rename(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Body() form: Form = {},
  ): Promise<Answer> {
    await this.platforms.get(accountId, id);
    const dto = Object.assign(new UpdatePlatformDto(), { username: textOf(form, 'username') });
    const problems =
      (await problemsOf(dto, LABELS)) ??
      (await refusal('username', () => this.platforms.rename(accountId, id, dto.username)));
    if (problems) return this.page(accountId, { renaming: { id, username: dto.username }, problems });
    return seeOther('/platforms?done=renamed');
  }

  @Post(':id/disconnect')
  async disconnect(@AccountId() accountId: string, @Param('id') id: string): Promise<Answer> {
    await this.platforms.disconnect(accountId, id);
    return seeOther('/platforms?done=disconnected');
  }

  private async page(accountId: string, state: Omit<PlatformsState, 'platforms'>): Promise<Page> {
    return platformsPage({ ...state, platforms: await this.platforms.list(accountId) });
  }
}
