import { define } from './define.js';
import { exportTexts } from './texts/export.en.js';
import { addEnglish } from './texts/language.js';
import { ExportDialogView } from './views/export-dialog.view.js';

addEnglish(exportTexts);
define({ 'webhooks-export-dialog': ExportDialogView });

// Without an export the bundler takes it for CommonJS, as the package is.
export { ExportDialogView };
