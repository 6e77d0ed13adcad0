import { isKey, keyRule } from '../dispatch/emit-rules.js';
import { fieldProblem } from '../domain/field-problems.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';

type OfTenantMethod = (first: never, ...others: never[]) => Promise<unknown>;

/**
 * For a method whose first argument is a tenant, or a filter with one. A call without a tenant rejects with
 * InvalidWebhookInputError before anything is read: some layers below leave out a condition on `undefined`, and would
 * find the rows of every tenant.
 */
export function OfTenant() {
  return <Method extends OfTenantMethod>(
    _target: object,
    _name: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const method = descriptor.value!;
    descriptor.value = async function (this: unknown, ...args: Parameters<Method>) {
      const first: unknown = args[0];
      checkTenant(
        typeof first === 'object' && first !== null ? (first as { tenant?: unknown }).tenant : first,
      );
      return method.apply(this, args);
    } as Method;
  };
}

/** @throws InvalidWebhookInputError for what can't be a tenant */
export function checkTenant(tenant: unknown): void {
  if (isKey(tenant, 0)) return;
  const code = typeof tenant === 'string' ? 'not-allowed' : 'not-text';
  const message = `tenant ${keyRule(tenant)} In an app without tenants it is ''.`;
  throw new InvalidWebhookInputError([fieldProblem('tenant', message, code)]);
}
