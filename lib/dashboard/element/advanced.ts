import { WebhooksAdvanced } from './advanced/advanced.view.js';
import { WebhooksFormPreview } from './advanced/preview.js';
import { define } from './define.js';
import { advancedTexts } from './texts/advanced.en.js';
import { addEnglish } from './texts/language.js';

addEnglish(advancedTexts);
define({ 'webhooks-advanced': WebhooksAdvanced, 'webhooks-form-preview': WebhooksFormPreview });

// Without an export the bundler takes it for CommonJS, as the package is.
export { WebhooksAdvanced };
