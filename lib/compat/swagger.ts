/**
 * Where the decorators of `@nestjs/swagger`, from 7 for Nest 10 to 12, keep what they say: read when a document is made, so that
 * nothing has to be imported, and an app without it has no part of it. `test/package/matrix.spec.ts` makes a document with each.
 */
export const SWAGGER = {
  /** Of a handler. What is in it stands in the operation as it is. */
  operation: 'swagger/apiOperation',
  /** Of a handler: parameters that it does not take by Nest's own decorators. */
  parameters: 'swagger/apiParameters',
  /** Of a controller: classes that become schemas of the document, by their names. */
  models: 'swagger/apiExtraModels',
  /** Of such a class. What is in it stands in the schema as it is. */
  model: 'swagger/apiExtension',
  /** Of a controller. */
  excluded: 'swagger/apiExcludeController',
} as const;
