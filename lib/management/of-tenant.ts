import { isKey } from '../dispatch/emit-rules.js';
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
      checkTenant(args[0]);
      return method.apply(this, args);
    } as Method;
  };
}

function checkTenant(first: unknown): void {
  const tenant = typeof first === 'object' && first !== null ? (first as { tenant?: unknown }).tenant : first;
  if (isKey(tenant, 0)) return;
  const got =
    typeof tenant === 'string' ? `one of ${tenant.length} characters` : String(tenant && typeof tenant);
  const message = `tenant must be a string of at most 255 characters with no white space at its ends, got ${got}. In an app without tenants it is ''.`;
  throw new InvalidWebhookInputError([{ field: 'tenant', message, code: 'not-text', params: {} }]);
}
