import { CreateWebhooks1700000000000 } from './1700000000000-create-webhooks.js';

/** For the `migrations` of the app's `DataSource`. */
export const webhooksMigrations = [CreateWebhooks1700000000000];
