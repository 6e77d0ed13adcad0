/**
 * An object or a list whose contents are computed on the first access.
 * @param empty `{}` or `[]`
 */
export function lazily<Value extends object>(empty: Value, make: () => Value): Value {
  let isMade = false;
  const made = (target: Value): Value => {
    if (isMade) return target;
    isMade = true;
    return Object.assign(target, make());
  };
  return new Proxy(empty, {
    get: (target, key) => Reflect.get(made(target), key) as unknown,
    has: (target, key) => Reflect.has(made(target), key),
    ownKeys: (target) => Reflect.ownKeys(made(target)),
    getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(made(target), key),
  });
}
