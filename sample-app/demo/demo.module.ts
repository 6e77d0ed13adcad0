import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PlatformsModule } from '../platforms/platforms.module.js';
import { DemoAssetsController, DemoPageController } from './demo-page.controller.js';
import { DemoReceiverController } from './demo-receiver.controller.js';
import { DemoReceiverService } from './demo-receiver.service.js';
import { DemoSecretsService } from './demo-secrets.service.js';
import { DemoSeederService } from './demo-seeder.service.js';
import { DemoSignInController } from './demo-sign-in.controller.js';

/** Imported with DEMO=1 only. */
@Module({
  imports: [AccountsModule, PlatformsModule],
  controllers: [DemoPageController, DemoAssetsController, DemoReceiverController, DemoSignInController],
  providers: [DemoReceiverService, DemoSecretsService, DemoSeederService],
})
export class DemoModule {}
