import { BASE } from './base.css.js';
import { COMPONENTS } from './components.css.js';
import { FORMS } from './forms.css.js';
import { FRAME } from './frame.css.js';
import { PAGES } from './pages.css.js';
import { RECEIVER } from './receiver.css.js';

/** Of all pages. TypeScript copies no other files to its output, so the styles are templates. */
export const STYLESHEET = BASE + FRAME + FORMS + COMPONENTS + PAGES + RECEIVER;
