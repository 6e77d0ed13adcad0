const DEEPEST = 16;

/**
 * The path of the first option in which two values differ; `undefined` if they are equal. Plain objects and lists are
 * compared by their contents. Functions, classes and instances must be identical: the text of a function does not show
 * what it closes over.
 */
export function differenceOf(one: unknown, other: unknown, path = 'options', depth = 0): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (!isPlain(one) || !isPlain(other) || Array.isArray(one) !== Array.isArray(other) || depth > DEEPEST) {
    return path;
  }
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const difference = differenceOf(one[key], other[key], joined(path, key, Array.isArray(one)), depth + 1);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function joined(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  if (!/^\w+$/.test(key)) return `${path}['${key}']`;
  return path === 'options' ? key : `${path}.${key}`;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
