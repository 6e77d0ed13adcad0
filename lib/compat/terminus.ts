import type { ModulesContainer } from '@nestjs/core';

/** The error that Terminus 10 expects; 11 has deprecated it. All versions recognise it by this property. */
class HealthCheckError extends Error {
  readonly isHealthCheckError = true;

  constructor(
    message: string,
    readonly causes: object,
  ) {
    super(message);
  }
}

/** Only Terminus 11 and later have it. */
const READS_RESULTS = 'HealthIndicatorService';

/**
 * The result of an indicator. Terminus 10 takes a resolved one for healthy, and expects an error to be thrown. 11 and
 * later read the status, and 12 answers 500 to an error. The app's container tells the version: with an import of the
 * package, bundlers would put it into every bundle, which fails.
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
