import { define } from './define.js';
import { exportTexts } from './texts/export.en.js';
import { addEnglish } from './texts/language.js';
import { ExportDialogView } from './views/export-dialog.view.js';

addEnglish(exportTexts);
define({ 'webhooks-export-dialog': ExportDialogView });

// Else it is no module of its own to the bundler, since the package is CommonJS.
export {};
