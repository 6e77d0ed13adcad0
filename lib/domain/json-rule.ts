import { types } from 'node:util';
import { quoted } from './shown-text.js';

/** What every encoder of UTF-8 writes for half a surrogate pair, as it is left where a text was cut within an emoji. */
export const REPLACEMENT = '\ufffd';

/** The primitive in a wrapper such as `new Number(NaN)`, since JSON writes it without the wrapper. */
export function unboxed(value: unknown): unknown {
  if (!types.isBoxedPrimitive(value)) return value;
  if (types.isNumberObject(value)) return Number(value);
  if (types.isStringObject(value)) return String(value);
  // This includes subclasses: JSON calls none of their methods.
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value);
  return Symbol.prototype.valueOf.call(value);
}

/**
 * Says why JSON can't carry a value; `undefined` if it can. JSON writes an object's own enumerable properties, so an
 * object that keeps its content elsewhere would arrive as `{}`.
 * @param value the result of its `toJSON`, if it has one
 * @param mustBeDefined in a list or as the data itself, where JSON would write null for `undefined`
 */
export function problemOf(value: unknown, mustBeDefined: boolean): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return mustBeDefined ? "is undefined, which JSON can't carry. Use null." : undefined;
    case 'bigint':
      return "is a BigInt, which JSON can't carry. Use a string.";
    case 'number':
      return Number.isFinite(value)
        ? undefined
        : `is ${value}, which JSON can't carry. Use null or a string.`;
    case 'function':
    case 'symbol':
      return `is a ${typeof value}, which JSON can't carry.`;
    case 'object':
      return value === null || Array.isArray(value) ? undefined : (hiddenContent(value) ?? keyProblem(value));
    default:
      return undefined;
  }
}

function hiddenContent(value: object): string | undefined {
  const prototype = prototypeOf(value);
  const builtIn = prototype && builtInOf(prototype);
  // Only these keep everything in properties.
  if (builtIn && builtIn !== 'Object' && !types.isTypedArray(value)) {
    return `is of the class ${builtIn}, whose content JSON does not write. Use an object, an array or a text.`;
  }
  if (Object.keys(value).length > 0) return undefined;
  const isPlain = prototype === null || builtIn === 'Object';
  if (isPlain && Reflect.ownKeys(value).length === 0) return undefined;
  return `is ${isPlain ? 'an object' : nameOf(value)} without a property that JSON would write: it would arrive as {}. Give it a toJSON(), or use a plain object.`;
}

const builtIns = new WeakMap<object, string>();

/** The built-in class that a class is or extends: Map, Error, Intl.NumberFormat. `Object` means a plain object. */
function builtInOf(prototype: object): string {
  const known = builtIns.get(prototype);
  if (known !== undefined) return known;
  const parent = prototypeOf(prototype);
  const inherited = parent ? builtInOf(parent) : '';
  const found = nativeName(prototype) ?? (inherited === 'Object' ? '' : inherited);
  builtIns.set(prototype, found);
  return found;
}

const NATIVE = /^function (\w+)\(\) \{ \[native code\] \}$/;

function nativeName(prototype: object): string | undefined {
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof made !== 'function') return undefined;
  return NATIVE.exec(Function.prototype.toString.call(made))?.[1];
}

const prototypeOf = (value: object): object | null => Object.getPrototypeOf(value) as object | null;

function nameOf(value: object): string {
  const made: unknown = value.constructor;
  return typeof made === 'function' && made.name ? `of the class ${quoted(made.name)}` : 'an object';
}

/** Parsers that guard against prototype pollution answer 400 to these keys, or drop them. */
function keyProblem(value: object): string | undefined {
  if (isWritten(value, '__proto__')) return unsafeKey('__proto__');
  const made = isWritten(value, 'constructor') && (value.constructor as unknown);
  if (typeof made === 'object' && made !== null && isWritten(made, 'prototype')) {
    return unsafeKey('constructor.prototype');
  }
  return clashingKeys(value);
}

const isWritten = (value: object, key: string): boolean =>
  Object.prototype.propertyIsEnumerable.call(value, key);

const unsafeKey = (key: string): string =>
  `has the key ${key}, for which parsers that guard against prototype pollution refuse the whole body. Rename it.`;

/** Finds keys that differ only in halves of surrogate pairs: one of them would be lost. */
function clashingKeys(value: object): string | undefined {
  const keys = Object.keys(value);
  if (!keys.some((key) => /\p{Surrogate}/u.test(key))) return undefined;
  const seen = new Set<string>();
  for (const key of keys) {
    const sent = key.replaceAll(/\p{Surrogate}/gu, REPLACEMENT);
    if (seen.has(sent)) return `has two keys that would both be sent as ${quoted(sent)}.`;
    seen.add(sent);
  }
  return undefined;
}
