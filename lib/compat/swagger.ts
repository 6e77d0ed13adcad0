/**
 * Where the decorators of `@nestjs/swagger` (from 7 on, for Nest 10 to 12) keep their metadata. It is read when a
 * document is made, so we need not import the package, and an app without it is not affected.
 * `test/package/matrix.spec.ts` makes a document with each version.
 */
export const SWAGGER = {
  /** Of a handler. Its content is copied into the operation. */
  operation: 'swagger/apiOperation',
  /** Of a handler: parameters without Nest's own decorators. */
  parameters: 'swagger/apiParameters',
  /** Of a controller: classes that become schemas of the document, by their names. */
  models: 'swagger/apiExtraModels',
  /** Of such a class. Its content is copied into the schema. */
  model: 'swagger/apiExtension',
  /** Of a controller. */
  excluded: 'swagger/apiExcludeController',
} as const;
