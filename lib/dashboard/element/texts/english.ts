import { en } from './en.js';
import { laterTexts } from './later.js';
import { operatorTexts } from './operator.en.js';

/** All English texts: those of the element, those that load later, and the operators'. */
export const english = { ...en, ...laterTexts, ...operatorTexts };
