import type { TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

type Json = Readonly<Record<string, unknown>>;

interface Field {
  readonly property: string;
  readonly isNested: boolean;
  /** The property that names the class of a nested object. class-transformer removes it. */
  readonly discriminator: string | undefined;
}

const fieldsByClass = new WeakMap<Function, ReadonlyMap<string, Field>>();

/** The fields that a payload class and its parents declare with decorators, by their names in JSON. */
function fieldsOf(Class: Function): ReadonlyMap<string, Field> {
  const known = fieldsByClass.get(Class);
  if (known) return known;
  const fields = new Map<string, Field>();
  const storage = defaultMetadataStorage;
  const exposesAll = storage.getStrategy(Class) !== 'excludeAll';
  for (const { propertyName: property, type } of rulesOf(Class)) {
    const exposed = storage.findExposeMetadata(Class, property);
    if (storage.findExcludeMetadata(Class, property) || !(exposed || exposesAll)) continue;
    const name = exposed?.options?.name ?? property;
    const discriminator = typeOf(Class, property)?.options?.discriminator?.property;
    const isNested = type === ValidationTypes.NESTED_VALIDATION || fields.get(name)?.isNested === true;
    fields.set(name, { property, isNested, discriminator });
  }
  fieldsByClass.set(Class, fields);
  return fields;
}

const rulesOf = (Class: Function): { propertyName: string; type: string }[] =>
  getMetadataStorage().getTargetValidationMetadatas(Class, '', true, false);

const typeOf = (Class: Function, property: string): TypeMetadata | undefined =>
  defaultMetadataStorage.findTypeMetadata(Class, property) as TypeMetadata | undefined;

/**
 * The paths that a payload class does not name, and the data without them; the same object if there are none. An object
 * inside that has no class of its own stays whole.
 */
export function withoutExtraFields(data: Json, instance: object): { data: Json; extra: readonly string[] } {
  const extra: string[] = [];
  const named = namedIn(data, instance, '', undefined, extra);
  return { data: extra.length === 0 ? data : named, extra };
}

function namedIn(
  data: Json,
  instance: object,
  path: string,
  discriminator: string | undefined,
  extra: string[],
): Json {
  // Not `instance.constructor`: the data may have a field with that name.
  const fields = fieldsOf((Object.getPrototypeOf(instance) as object).constructor);
  if (fields.size === 0) return data;
  const kept = Object.entries(data).flatMap(([key, value]): [string, unknown][] => {
    const at = path ? `${path}.${key}` : key;
    const field = fields.get(key);
    if (!field && key !== discriminator) {
      extra.push(at);
      return [];
    }
    if (!field?.isNested) return [[key, value]];
    const made = (instance as Record<string, unknown>)[field.property];
    return [[key, nestedIn(value, made, at, field.discriminator, extra)]];
  });
  return Object.fromEntries(kept);
}

function nestedIn(
  value: unknown,
  made: unknown,
  path: string,
  discriminator: string | undefined,
  extra: string[],
): unknown {
  if (typeof value !== 'object' || value === null || typeof made !== 'object' || made === null) return value;
  if (!Array.isArray(value)) return namedIn(value as Json, made, path, discriminator, extra);
  const items = Array.isArray(made) ? (made as unknown[]) : made instanceof Set ? [...made] : [];
  return value.map((item, index) => nestedIn(item, items[index], `${path}[${index}]`, discriminator, extra));
}

/** Says why a payload class would not be checked as it reads; `undefined` if it would. */
export function payloadClassProblem(Class: unknown, seen = new Set<unknown>()): string | undefined {
  if (typeof Class !== 'function') return `must be a class, got ${Class === null ? 'null' : typeof Class}.`;
  if (seen.has(Class)) return undefined;
  seen.add(Class);
  const rules = rulesOf(Class);
  if (rules.length === 0) {
    return `is the class ${Class.name}, which has no decorator of class-validator: nothing of it would be checked. Decorate its fields, or leave the class out.`;
  }
  for (const property of new Set(rules.map(({ propertyName }) => propertyName))) {
    const isNested = rules.some(
      (rule) => rule.propertyName === property && rule.type === ValidationTypes.NESTED_VALIDATION,
    );
    const problem = nestedProblem(Class, property, isNested, seen);
    if (problem) return problem;
  }
  return undefined;
}

function nestedProblem(
  Class: Function,
  property: string,
  isNested: boolean,
  seen: Set<unknown>,
): string | undefined {
  const type = typeOf(Class, property);
  const nested = nestedClasses(type);
  if (!isNested) {
    const Nested = nested.find((one) => typeof one === 'function' && rulesOf(one).length > 0);
    if (!Nested) return undefined;
    return `has ${Class.name}.${property} with @Type(() => ${(Nested as Function).name}), but without @ValidateNested(): what is in it would not be checked.`;
  }
  if (nested.length === 0) {
    // The result of a @Transform is checked by its own class.
    if (defaultMetadataStorage.findTransformMetadatas(Class, property, 0).length > 0) return undefined;
    return `has ${Class.name}.${property} with @ValidateNested(), but without a @Type(() => …) of the copy of class-transformer that nestjs-webhooks loads: what is in it would not be checked. Add the @Type; if it is there, see npm ls class-transformer.`;
  }
  return nested.map((one) => payloadClassProblem(one, seen)).find((problem) => problem !== undefined);
}

function nestedClasses(type: TypeMetadata | undefined): unknown[] {
  if (!type?.typeFunction) return [];
  const subTypes = type.options?.discriminator?.subTypes ?? [];
  if (subTypes.length > 0) return subTypes.map(({ value }) => value);
  return [type.typeFunction({ newObject: {}, object: {}, property: type.propertyName })];
}
