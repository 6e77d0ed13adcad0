/** What the kit needs of the builder that `Test.createTestingModule` gives: `@nestjs/testing` itself is not imported. */
export interface OverridableBuilder {
  overrideProvider(token: symbol | Function): {
    useFactory(options: { factory: (...dependencies: never[]) => unknown; inject?: unknown[] }): unknown;
    useValue(value: unknown): unknown;
  };
}
