import { WebhooksAdvanced } from './advanced/advanced.view.js';
import { WebhooksFormPreview } from './advanced/preview.js';
import { define } from './define.js';
import { laterTexts } from './texts/later.js';
import { addEnglish } from './texts/language.js';
import { ChangesView } from './views/changes.view.js';
import { ExportDialogView } from './views/export-dialog.view.js';

addEnglish(laterTexts);

const elements = {
  'webhooks-advanced': WebhooksAdvanced,
  'webhooks-form-preview': WebhooksFormPreview,
  'webhooks-changes': ChangesView,
  'webhooks-export-dialog': ExportDialogView,
};
define(elements);

// Without an export, the bundler treats it as CommonJS, like the package.
export { elements };
