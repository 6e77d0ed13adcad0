import { syntaxProblem } from './json-syntax.js';
import { t } from '../texts/t.js';

/** What keeps a text from being a JSON object, with its place. */
export function syntaxWords(text: string): string[] {
  const problem = syntaxProblem(text);
  if (problem) {
    const { line, column, expected } = problem;
    return [t('test.not-json', { line, column, expected })];
  }
  return text.trim().startsWith('{') ? [] : [t('test.no-object')];
}
