import { en } from './en.js';
import { laterTexts } from './later.js';
import { operatorTexts } from './operator.en.js';

/** All texts in English: the element's, those that come later, and the operators'. */
export const english = { ...en, ...laterTexts, ...operatorTexts };
