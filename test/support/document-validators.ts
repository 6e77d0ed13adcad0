import { schemasWithoutId } from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

export type Json = Readonly<Record<string, unknown>>;

const formats = ajvFormats.default;
const told = (errors: ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );

/**
 * Validates a document against the schema of OpenAPI, including references, and its 3.1 schemas against JSON
 * Schema.
 */
export async function openApiProblems(document: Json): Promise<readonly unknown[]> {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  if (!valid) return [errors];
  if (!String(document.openapi).startsWith('3.1')) return [];
  return schemaProblems(
    Object.values((document.components as { schemas: Record<string, Json> }).schemas),
    document,
  );
}

/** Validates a document against the schema of AsyncAPI 3. */
export function asyncApiProblems(document: Json): readonly string[] {
  const ajv = formats(new Ajv({ strict: false, allErrors: true }));
  const validate = ajv.compile(schemasWithoutId['3.0.0'] as object);
  validate(document);
  return told(validate.errors);
}

/** Validates schemas that refer to each other within a document against JSON Schema 2020-12. */
export function schemaProblems(schemas: readonly Json[], root: Json = {}): string[] {
  const ajv = checker();
  ajv.addSchema({ $id: 'https://example.com/document', ...root });
  return schemas.flatMap((schema, index) => {
    if (!ajv.validateSchema(schema)) return told(ajv.errors);
    try {
      ajv.compile(rooted(schema));
      return [];
    } catch (error) {
      return [`${index}: ${(error as Error).message}`];
    }
  });
}

/** Returns a function that checks values against a schema, alone or within a document. */
export function validatorOf(schema: Json, root: Json = {}): (value: unknown) => readonly string[] {
  const ajv = checker();
  ajv.addSchema({ $id: 'https://example.com/document', ...root });
  const validate: ValidateFunction = ajv.compile(rooted(schema));
  return (value) => {
    validate(value);
    return told(validate.errors);
  };
}

const checker = (): Ajv2020 =>
  formats(new Ajv2020({ strict: false, allErrors: true, addUsedSchema: false })) as unknown as Ajv2020;

/** Makes its references point into the document. */
function rooted(value: Json): Json {
  return JSON.parse(
    JSON.stringify(value).replaceAll(
      '"$ref":"#/components',
      '"$ref":"https://example.com/document#/components',
    ),
  ) as Json;
}
