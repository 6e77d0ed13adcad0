interface Made<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** The value of a key in a `Map` or a `WeakMap`; it is made and stored at the first call. */
export function madeOnce<Key, Value>(all: Made<Key, Value>, key: Key, make: (key: Key) => Value): Value {
  const value = all.get(key) ?? make(key);
  all.set(key, value);
  return value;
}
