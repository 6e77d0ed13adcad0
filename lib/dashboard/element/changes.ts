import { define } from './define.js';
import { changesTexts } from './texts/changes.en.js';
import { addEnglish } from './texts/language.js';
import { ChangesView } from './views/changes.view.js';

addEnglish(changesTexts);
define({ 'webhooks-changes': ChangesView });

// Without an export the bundler takes it for CommonJS, as the package is.
export { ChangesView };
