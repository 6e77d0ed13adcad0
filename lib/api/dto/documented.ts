type Schema = Readonly<Record<string, unknown>>;

interface Documented {
  readonly description?: string;
  /** The schema of what callers write, if it differs from the checked value. */
  readonly schema?: Schema;
  readonly nullable?: true;
}

const DOCUMENTED = Symbol('nestjs-webhooks documented');

const documents =
  (more: Documented): PropertyDecorator =>
  (target, property) =>
    Reflect.defineMetadata(DOCUMENTED, { ...documentedOf(target, property), ...more }, target, property);

/** Describes a property for the documents. */
export const About = (description: string): PropertyDecorator => documents({ description });

/** Sets the JSON Schema of what callers write, in place of the generated one. */
export const Written = (schema: Schema): PropertyDecorator => documents({ schema });

/** `null` is also a valid value. */
export const OrNull = (): PropertyDecorator => documents({ nullable: true });

export const documentedOf = (prototype: object, property: string | symbol): Documented =>
  (Reflect.getMetadata(DOCUMENTED, prototype, property) as Documented | undefined) ?? {};
