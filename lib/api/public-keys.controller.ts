import { Get, HttpStatus, Inject } from '@nestjs/common';
import { SettingsService } from '../management/settings.service.js';
import { RouteAnswer } from '../routes/route-answer.js';

/** A receiver that meets an unknown key asks again at once. The others get a new key in time, before it signs. */
const HEADERS = { 'cache-control': 'public, max-age=3600', 'x-content-type-options': 'nosniff' };

/** The keys that receivers verify with. Their servers ask without credentials, so no guard of ours protects it. */
export class PublicKeysController {
  constructor(@Inject(SettingsService) private readonly settings: SettingsService) {}

  @Get('jwks.json')
  keys(): RouteAnswer {
    const set = this.settings.publicKeys();
    if (set.keys.length === 0) {
      return RouteAnswer.json(HttpStatus.NOT_FOUND, {
        statusCode: HttpStatus.NOT_FOUND,
        code: 'webhooks/not-found',
        message: 'There are no public keys: webhooks are signed with secrets alone.',
      });
    }
    const headers = { ...HEADERS, 'content-type': 'application/jwk-set+json' };
    return new RouteAnswer(HttpStatus.OK, headers, JSON.stringify(set));
  }
}
