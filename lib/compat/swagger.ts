/**
 * Where the decorators of `@nestjs/swagger` (from 7 on, for Nest 10 to 12) keep their metadata. It is read when a
 * document is made, so we need not import the package, and an app without it is not affected.
 * `test/package/matrix.spec.ts` makes a document with each version.
 */
export const SWAGGER = {
  /** Of a handler. Its content is copied into the operation. */
  operation: 'swagger/apiOperation',
  /** The parameters of a handler that have no decorator of Nest. */
  parameters: 'swagger/apiParameters',
  /** The classes of a controller that become schemas of the document, by their names. */
  models: 'swagger/apiExtraModels',
  /** Of such a class. Its content is copied into the schema. */
  model: 'swagger/apiExtension',
  /** Of a controller. */
  excluded: 'swagger/apiExcludeController',
} as const;
