import { Module, type DynamicModule } from '@nestjs/common';
import type { Environment } from './environment.js';

/** The `Environment`. */
export const ENVIRONMENT = Symbol('ENVIRONMENT');

@Module({})
export class EnvironmentModule {
  static register(environment: Environment): DynamicModule {
    return {
      module: EnvironmentModule,
      global: true,
      providers: [{ provide: ENVIRONMENT, useValue: environment }],
      exports: [ENVIRONMENT],
    };
  }
}
