import { isDeepStrictEqual } from 'node:util';
import type { CanActivate, Type } from '@nestjs/common';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { checkReaders } from './readers.js';

type Guard = Type<CanActivate> | CanActivate;

/** The routes of those who run the app, over all tenants. */
export interface WebhooksOperatorOptions {
  /** Default: `admin/webhooks`. The app's global prefix and versioning come before it. */
  path?: string;
  /**
   * Guards of every route, classes (their dependencies come from `imports`) or instances. At least one lets nobody in whom those of `api`
   * let in: customers must not get here.
   */
  guards: readonly Guard[];
  /**
   * Who makes a request, for the audit log, which keeps 255 characters. It is asked where something is done; one that
   * throws keeps it from being done. Default: nobody knows which operator.
   */
  actor?: (request: never) => string | null | undefined | Promise<string | null | undefined>;
  /** The version of the routes under `enableVersioning`. Default: neutral. */
  version?: string | string[];
}

/** The options with their defaults. */
export type WebhooksOperatorConfig = WebhooksOperatorOptions & { readonly path: string };

interface CustomersRoutes {
  readonly path: string;
  readonly guards?: readonly Guard[];
}

/** @throws InvalidWebhooksOptionError, where it could let a customer in, too */
export function checkOperator(
  operator: unknown,
  api: CustomersRoutes | false,
): WebhooksOperatorConfig | false {
  if (operator === undefined || operator === false) return false;
  if (typeof operator !== 'object' || operator === null || Array.isArray(operator)) {
    throw new InvalidWebhooksOptionError(
      'operator',
      `must be an object such as { guards: [AdminGuard] }, or false for no routes over all tenants, got ${told(operator)}.`,
    );
  }
  const { path = 'admin/webhooks', guards = [], actor, version } = operator as WebhooksOperatorOptions;
  if (Array.isArray(guards) && guards.length === 0) {
    fail(
      'guards',
      'is missing: these routes show and change the webhooks of every tenant. Write operator: { guards: [AdminGuard] } with a guard ' +
        'that lets in only those who run the app; for no such routes, operator: false.',
    );
  }
  checkReaders('operator', { guards });
  const customers = (api && api.guards) || [];
  if (customers.length > 0 && guards.every((guard) => customers.some((other) => isSame(guard, other)))) {
    fail(
      'guards',
      'has no guard that api.guards does not have, so that every customer could see and change the webhooks of all others. Add one that ' +
        'lets in only those who run the app: operator: { guards: [AuthGuard, AdminGuard] }.',
    );
  }
  if (actor !== undefined && typeof actor !== 'function') {
    fail(
      'actor',
      `must be a function of the request, such as (request) => request.user.email, got ${told(actor)}.`,
    );
  }
  const checked = checkPath('operator.path', path);
  if (api && overlap(checked, api.path)) {
    fail(
      'path',
      `must neither be api.path nor lie under it, nor the other way round, got ${JSON.stringify(path)} with api.path ` +
        `${JSON.stringify(api.path)}. Write operator: { path: 'admin/webhooks' }.`,
    );
  }
  return Object.freeze({
    path: checked,
    guards,
    ...(actor && { actor }),
    ...(version !== undefined && { version }),
  });
}

/** Without slashes at its ends. @throws InvalidWebhooksOptionError */
export function checkPath(option: 'api.path' | 'operator.path', path: unknown): string {
  if (typeof path !== 'string' || !/^\/*[\w\-.~:][\w\-.~/:]*$/.test(path)) {
    const example = option === 'api.path' ? 'webhooks' : 'admin/webhooks';
    throw new InvalidWebhooksOptionError(
      option,
      `must be a path such as '${example}', got ${JSON.stringify(path)}.`,
    );
  }
  return path.replace(/^\/+|\/+$/g, '');
}

/** Two instances of one class may let in different people, if their arguments differ. */
const isSame = (one: Guard, other: Guard): boolean =>
  typeof one === 'function' || typeof other === 'function'
    ? classOf(one) === classOf(other)
    : isDeepStrictEqual(one, other);

const classOf = (guard: Guard): unknown => (typeof guard === 'function' ? guard : guard.constructor);

/** Whether a path could be taken for one below the other. Routers read them in any case, and a parameter as anything. */
function overlap(one: string, other: string): boolean {
  const [shorter, longer] = [one, other]
    .map((path) => path.toLowerCase().split('/'))
    .sort((a, b) => a.length - b.length) as [string[], string[]];
  return shorter.every(
    (part, index) => [part, longer[index]!].some((one) => one.includes(':')) || part === longer[index],
  );
}

const told = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;

function fail(option: string, problem: string): never {
  throw new InvalidWebhooksOptionError(`operator.${option}`, problem);
}
