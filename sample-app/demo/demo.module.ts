import { Module } from '@nestjs/common';
import { PlatformsModule } from '../platforms/platforms.module.js';
import { DemoPageController } from './demo-page.controller.js';
import { DemoReceiverController } from './demo-receiver.controller.js';
import { DemoReceiverService } from './demo-receiver.service.js';
import { DemoSecretsService } from './demo-secrets.service.js';
import { DemoSeederService } from './demo-seeder.service.js';

/** Imported with DEMO=1 only. */
@Module({
  imports: [PlatformsModule],
  controllers: [DemoPageController, DemoReceiverController],
  providers: [DemoReceiverService, DemoSecretsService, DemoSeederService],
})
export class DemoModule {}
