import { advancedTexts } from './advanced.en.js';
import { changesTexts } from './changes.en.js';
import { exportTexts } from './export.en.js';
import { problemTexts } from './problems.en.js';

/** The texts of `later.ts`. */
export const laterTexts = { ...advancedTexts, ...changesTexts, ...exportTexts, ...problemTexts };
