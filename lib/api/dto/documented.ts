type Schema = Readonly<Record<string, unknown>>;

interface Documented {
  readonly description?: string;
  /** What callers may write, where the rules speak of what it becomes. */
  readonly schema?: Schema;
  readonly nullable?: true;
}

const DOCUMENTED = Symbol('nestjs-webhooks documented');

const documents =
  (more: Documented): PropertyDecorator =>
  (target, property) =>
    Reflect.defineMetadata(DOCUMENTED, { ...documentedOf(target, property), ...more }, target, property);

/** What a property is for. */
export const About = (description: string): PropertyDecorator => documents({ description });

/** The JSON Schema of what callers write, in place of the one that the rules make. */
export const Written = (schema: Schema): PropertyDecorator => documents({ schema });

/** `null` is a value, too. */
export const OrNull = (): PropertyDecorator => documents({ nullable: true });

export const documentedOf = (prototype: object, property: string | symbol): Documented =>
  (Reflect.getMetadata(DOCUMENTED, prototype, property) as Documented | undefined) ?? {};
