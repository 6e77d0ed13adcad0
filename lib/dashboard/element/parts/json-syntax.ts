import { t } from '../texts/t.js';

/** Where a text stops being JSON, counted from 1, and what was expected there. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

const SPACE = /[ \t\n\r]*/y;
/**
 * A JSON string: control characters are not allowed, and a quote or backslash needs a backslash before it.
 */
const TEXT = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;

class Stop extends Error {
  constructor(
    readonly at: number,
    readonly expected: string,
  ) {
    super(expected);
  }
}

/**
 * Finds the first syntax error; `undefined` if there is none. `JSON.parse` is no help: each browser words its
 * message differently, some without a position.
 */
export function syntaxProblem(text: string): SyntaxProblem | undefined {
  let at = 0;
  const eat = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const sign = (wanted: string): boolean => {
    eat(SPACE);
    const found = text[at] === wanted;
    if (found) at += 1;
    return found;
  };
  const must = (found: boolean, expected: string): void => {
    if (!found) throw new Stop(at, expected);
  };
  const list = (end: string, item: () => void): void => {
    if (sign(end)) return;
    do item();
    while (sign(','));
    must(sign(end), t('json.end-of-list', { end }));
  };
  const value = (): void => {
    if (sign('[')) return list(']', value);
    if (sign('{'))
      return list('}', () => {
        eat(SPACE);
        must(eat(TEXT), t('json.name'));
        must(sign(':'), ':');
        value();
      });
    must(eat(TEXT) || eat(SCALAR), t('json.value'));
  };
  try {
    value();
    eat(SPACE);
    must(at === text.length, t('json.end'));
    return undefined;
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    const before = text.slice(0, stop.at).split('\n');
    return { line: before.length, column: before.at(-1)!.length + 1, expected: stop.expected };
  }
}
