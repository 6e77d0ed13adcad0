import type { ModulesContainer } from '@nestjs/core';

/** What Terminus 10 wants thrown; 11 has deprecated it. Recognised by this property, in all of its versions. */
class HealthCheckError extends Error {
  readonly isHealthCheckError = true;

  constructor(
    message: string,
    readonly causes: object,
  ) {
    super(message);
  }
}

/** In Terminus 11 and later alone. */
const READS_RESULTS = 'HealthIndicatorService';

/**
 * The result of an indicator. Terminus 10 takes what resolves for healthy, and wants an error thrown; 11 and later read the status,
 * and 12 answers 500 to what is thrown. Which one it is, the app's container tells: whoever imports the package has bundlers put it
 * into every bundle, which fails.
 */
export function terminusResult<Details extends object>(
  modules: ModulesContainer,
  key: string,
  details: Details & { readonly status: 'up' | 'down' },
): Record<string, Details & { readonly status: 'up' | 'down' }> {
  const result = { [key]: details };
  const terminus = [...modules.values()].find(({ name }) => name === 'TerminusModule');
  const reads = [...(terminus?.providers.keys() ?? [])].some(
    (token) => typeof token === 'function' && token.name === READS_RESULTS,
  );
  if (details.status === 'down' && terminus && !reads) throw new HealthCheckError(`${key} is down`, result);
  return result;
}
