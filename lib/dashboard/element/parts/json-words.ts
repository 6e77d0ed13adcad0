import { syntaxProblem } from './json-syntax.js';
import { t } from '../texts/t.js';

/** Describes why a text is not a JSON object, and where. */
export function syntaxWords(text: string): string[] {
  const problem = syntaxProblem(text);
  if (problem) {
    const { line, column, expected } = problem;
    return [t('test.not-json', { line, column, expected })];
  }
  return text.trim().startsWith('{') ? [] : [t('test.no-object')];
}
