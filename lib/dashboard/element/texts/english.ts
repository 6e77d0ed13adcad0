import { advancedTexts } from './advanced.en.js';
import { changesTexts } from './changes.en.js';
import { en } from './en.js';
import { exportTexts } from './export.en.js';
import { operatorTexts } from './operator.en.js';

/** All texts in English: the element's, and those that come later with the scripts that need them. */
export const english = { ...en, ...advancedTexts, ...changesTexts, ...exportTexts, ...operatorTexts };
