import 'reflect-metadata';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DynamicModule, Provider } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { differenceOf } from './difference.js';
import { WEBHOOKS_DECLARATION } from './tokens.js';
import type { WebhookEventCatalogueOptions } from './webhook-event-options.js';

/**
 * A call of `forRoot`, `forRootAsync` or `forFeature`. It is stored as a value in the module that the call returned. So
 * the app's container shows all calls before Nest makes anything, whatever the order.
 */
export interface WebhooksDeclaration {
  readonly method: 'forRoot' | 'forRootAsync' | 'forFeature';
  readonly options: { readonly events?: WebhookEventCatalogueOptions };
  /** File and line of the call, relative to the working directory. */
  readonly calledAt: string;
  /**
   * Nest 10 takes two modules for the same if their metadata have the same JSON, where a function is its text. The id
   * makes them differ.
   */
  readonly id: number;
}

let declared = 0;

/** @param call our function that the app called */
export function declaration(
  method: WebhooksDeclaration['method'],
  options: WebhooksDeclaration['options'],
  call: Function,
): WebhooksDeclaration {
  return { method, options, calledAt: callerOf(call), id: declared++ };
}

/** The provider that marks a module as ours. */
export const declares = (useValue: WebhooksDeclaration): Provider => ({
  provide: WEBHOOKS_DECLARATION,
  useValue,
});

/**
 * With two of the module there would be two relays, two listeners for each domain event, and migrations that race.
 * @throws InvalidWebhooksOptionError that says where both are
 */
export function checkOneRoot(modules: ModulesContainer): void {
  const [first, second] = declarationsIn(modules).filter(({ method }) => method !== 'forFeature');
  if (!first || !second) return;
  throw new InvalidWebhooksOptionError(
    'WebhooksModule',
    `is imported with different options: first by ${told(first, modules)}, then by ${told(second, modules)}. ` +
      `${howTheyDiffer(first, second)} An app has one: write export const webhooks = WebhooksModule.${first.method}({ … }) ` +
      'once and import webhooks in both modules, or in the root module alone, since it is global. Event types of one ' +
      'module go into its WebhooksModule.forFeature({ events }).',
  );
}

/**
 * The events of the whole app: those of `forRoot`, then those of each `forFeature`.
 * @throws InvalidWebhooksOptionError for a type that two of them declare
 */
export function declaredEvents(modules: ModulesContainer): WebhookEventCatalogueOptions {
  const all = declarationsIn(modules);
  const owners = new Map<string, WebhooksDeclaration>();
  const entries = [];
  for (const one of all.toSorted(
    (a, b) => Number(a.method === 'forFeature') - Number(b.method === 'forFeature'),
  )) {
    for (const [type, entry] of Object.entries(one.options.events ?? {})) {
      const other = owners.get(type);
      if (other) {
        throw new InvalidWebhooksOptionError(
          `events['${type}']`,
          `is declared twice, by ${told(other, modules)} and by ${told(one, modules)}. A type belongs to one of them: ` +
            'take it out of the other.',
        );
      }
      owners.set(type, one);
      entries.push([type, entry] as const);
    }
  }
  return Object.fromEntries(entries);
}

function declarationsIn(modules: ModulesContainer): WebhooksDeclaration[] {
  return [...modules.values()].flatMap(({ providers }) => {
    const wrapper = providers.get(WEBHOOKS_DECLARATION);
    return wrapper ? [wrapper.instance as WebhooksDeclaration] : [];
  });
}

function howTheyDiffer(first: WebhooksDeclaration, second: WebhooksDeclaration): string {
  if (first.method !== second.method) return '';
  const path = differenceOf(first.options, second.options);
  if (path === undefined) return '';
  return `They differ in ${path}; functions and instances are the same only where they are one.`;
}

/** `WebhooksModule.forRoot in OrdersModule (src/orders.module.ts:12)`. */
function told(one: WebhooksDeclaration, modules: ModulesContainer): string {
  const importers = [...modules.values()]
    .map(({ metatype }) => metatype)
    .filter((metatype) => importsOf(metatype).some((entry) => isOf(entry, one)));
  const names = [...new Set(importers.map(({ name }) => name))].join(' and ');
  return `WebhooksModule.${one.method}${names && ` in ${names}`} (${one.calledAt})`;
}

/** The imports as written: Nest adds global modules to those of every module. */
const importsOf = (metatype: Function): readonly unknown[] =>
  (Reflect.getMetadata('imports', metatype) as unknown[] | undefined) ?? [];

const isOf = (entry: unknown, one: WebhooksDeclaration): boolean =>
  Boolean(
    (entry as DynamicModule | undefined)?.providers?.some(
      (provider) => 'useValue' in provider && provider.useValue === one,
    ),
  );

function callerOf(call: Function): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, call);
  const [, place] = /\n\s+at (?:.* \()?(.+:\d+):\d+\)?(?:\n|$)/.exec(holder.stack ?? '') ?? [];
  if (place === undefined) return 'somewhere';
  const [, file, line] = /^(.*):(\d+)$/.exec(place)!;
  return `${relative(process.cwd(), file!.startsWith('file:') ? fileURLToPath(file!) : file!)}:${line}`;
}
