/** What is used of Terminus 10; 11 deprecated it, and 12 has it no more. */
interface Terminus10 {
  readonly HealthIndicatorService?: unknown;
  readonly HealthCheckError?: new (message: string, causes: unknown) => Error;
}

/**
 * The result of an indicator. Terminus 10 takes what resolves for healthy, and wants its own error thrown; 11 and later read the
 * status, and 12 answers 500 to what is thrown.
 */
export async function terminusResult(
  key: string,
  status: 'up' | 'down',
  details: object,
): Promise<Record<string, object>> {
  const result = { [key]: { status, ...details } };
  const installed: Terminus10 = await import('@nestjs/terminus').catch(() => ({}));
  const { HealthIndicatorService, HealthCheckError } = installed;
  if (status === 'down' && !HealthIndicatorService && HealthCheckError)
    throw new HealthCheckError(`${key} is down`, result);
  return result;
}
