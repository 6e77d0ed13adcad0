import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { WebhooksApiOptions } from '../config/webhooks-options.js';
import { isKey } from '../dispatch/emit-rules.js';
import { parameter } from '../routes/route-parameters.js';
import { WebhookTenantMissingError } from './tenant-missing.error.js';

const tenants = new WeakMap<object, string>();

/** Asks the app whose webhooks a request is about. It runs after the app's guards, which say who is asking. */
export class TenantGuard implements CanActivate {
  constructor(private readonly tenantOf: WebhooksApiOptions['tenant']) {}

  /** @throws WebhookTenantMissingError rather than falling back on a tenant that others share */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request: object = context.switchToHttp().getRequest();
    const tenant: unknown = this.tenantOf ? await this.tenantOf(request as never) : '';
    // The rule of emit: a tenant that a database takes for another's must not get here either.
    if (!isKey(tenant, this.tenantOf ? 1 : 0)) throw new WebhookTenantMissingError();
    tenants.set(request, tenant);
    return true;
  }
}

/** The tenant of the request. */
export const Tenant = (): ParameterDecorator =>
  parameter((request) => {
    const tenant = tenants.get(request);
    if (tenant === undefined) throw new WebhookTenantMissingError();
    return tenant;
  });
