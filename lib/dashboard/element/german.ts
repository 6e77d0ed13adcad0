import { ship } from './texts/shipped.js';
import { de } from './texts/de.js';

ship('de', de);

export default de;
