import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { WebhooksApiOptions } from '../config/webhooks-options.js';
import { isKey } from '../dispatch/emit-rules.js';
import { parameter } from '../routes/route-parameters.js';
import { WebhookTenantMissingError } from './tenant-missing.error.js';

const tenants = new WeakMap<object, string>();

/** Asks the app whose webhooks a request is about. Runs after the app's guards, which identify the caller. */
export class TenantGuard implements CanActivate {
  constructor(private readonly tenantOf: WebhooksApiOptions['tenant']) {}

  /** @throws WebhookTenantMissingError instead of using a tenant that others share */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request: object = context.switchToHttp().getRequest();
    const tenant: unknown = this.tenantOf ? await this.tenantOf(request as never) : '';
    // The rule of emit: it also refuses a tenant that a database would take for another one.
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
