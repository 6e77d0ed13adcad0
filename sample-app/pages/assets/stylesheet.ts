import { BASE } from './base.css.js';
import { COMPONENTS } from './components.css.js';
import { FORMS } from './forms.css.js';
import { FRAME } from './frame.css.js';
import { PAGES } from './pages.css.js';
import { RECEIVER } from './receiver.css.js';

/** The styles of all pages. They are templates, because TypeScript copies no other files to its output. */
export const STYLESHEET = BASE + FRAME + FORMS + COMPONENTS + PAGES + RECEIVER;
