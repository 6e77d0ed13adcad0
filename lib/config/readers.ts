import type { CanActivate, Type } from '@nestjs/common';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

/** Who may read what is published about the app's webhooks. */
export interface ReadersOptions {
  public?: boolean;
  guards?: readonly (Type<CanActivate> | CanActivate)[];
}

/**
 * The given guards; none for everybody, `undefined` for the default ones.
 * @throws InvalidWebhooksOptionError
 */
export function checkReaders(
  option: 'guide' | 'documents' | 'operator',
  { public: isPublic = false, guards }: ReadersOptions,
): ReadersOptions['guards'] {
  const fail = (name: string, problem: string): never => {
    throw new InvalidWebhooksOptionError(`${option}.${name}`, problem);
  };
  if (typeof isPublic !== 'boolean')
    fail('public', `must be true or false, got ${JSON.stringify(isPublic)}.`);
  if (guards === undefined) return isPublic ? [] : undefined;
  if (isPublic) fail('public', `is true, but ${option}.guards are given. Leave one of them out.`);
  if (!Array.isArray(guards) || guards.length === 0) {
    const orPublic =
      option === 'operator' ? 'Write [YourAdminGuard].' : 'To let everybody read it, write public: true.';
    fail('guards', `must be a list of guards. ${orPublic}`);
  }
  for (const [index, guard] of guards.entries()) {
    if (typeof guard === 'function' || typeof guard?.canActivate === 'function') continue;
    fail(`guards[${index}]`, `must be a guard, got ${String(guard)}.`);
  }
  return guards;
}
