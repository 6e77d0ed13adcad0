import 'reflect-metadata';
import { Inject } from '@nestjs/common';
import { checkMapping } from '../config/option-names.js';
import type { WebhookMappingOptions, DomainEventMapping } from '../config/webhook-event-options.js';
import { WebhooksError } from '../domain/webhooks.error.js';
import { WebhooksService } from '../webhooks.service.js';
import { emitMapped } from './emit-mapped.js';

/** A method with `@EmitsWebhook` was called on an object that has no emitter. The method did not run. */
export class WebhookEmitterMissingError extends WebhooksError {
  readonly code = 'webhooks/emitter-missing';

  constructor(method: string) {
    super(
      `${method} has @EmitsWebhook, but its object has no WebhooksService with an emit(): it was made with new, or ` +
        'by a factory, instead of by Nest. In a unit test, write Test.createTestingModule({ providers: [YourService, ' +
        '{ provide: WebhooksService, useValue: { emit } }] }), or provideWebhookEmitter(object, { emit }).',
    );
  }
}

/** The property that Nest injects. If there is nothing to inject, Nest's error shows this name. */
const WEBHOOKS = Symbol('WebhooksService, for @EmitsWebhook');
const MAPPINGS = Symbol('nestjs-webhooks mappings');
const METHOD_TYPES = Symbol('nestjs-webhooks types of methods');

interface EmittingObject {
  readonly [WEBHOOKS]?: Pick<WebhooksService, 'emit'>;
}

type AsyncMethod = (...args: never[]) => Promise<unknown>;
type MethodEmits = <Method extends AsyncMethod>(
  target: object,
  propertyKey: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** A domain event that a class maps to the webhook type `type`. */
export type ClassMapping = DomainEventMapping & { readonly type: string };

/**
 * On an async method: emits its resolved value as an event of `type`, after it has returned and before its caller
 * continues. If the emit throws, the caller gets that error, although the method has done its work: give `manager` to
 * make both one transaction. Only the fields that the type's payload class names are sent. Without a payload class,
 * everything is sent, including `@Exclude()`d fields: give a class, or `data`. The options' functions get the result,
 * then the method's arguments.
 */
export function EmitsWebhook(type: string, options?: WebhookMappingOptions<never[]>): MethodEmits;
/**
 * On a service class: maps a domain event of `@nestjs/event-emitter` to a webhook type. `emitAsync` of the domain event
 * resolves when the rows are stored. The options' functions get the values that the event was emitted with.
 */
export function EmitsWebhook(mapping: ClassMapping): ClassDecorator;
export function EmitsWebhook(
  typeOrMapping: string | ClassMapping,
  options: WebhookMappingOptions<never[]> = {},
): MethodEmits | ClassDecorator {
  if (typeof typeOrMapping === 'string') {
    checkMapping(`@EmitsWebhook('${typeOrMapping}')`, options, 'method');
    return methodDecorator(typeOrMapping, options);
  }
  checkMapping('@EmitsWebhook', typeOrMapping, 'class');
  return (target: object) => {
    Reflect.defineMetadata(MAPPINGS, [...mappingsOfClass(target), typeOrMapping], target);
  };
}

/** The mappings of a class, including its parents'. */
export function mappingsOfClass(target: object): readonly ClassMapping[] {
  return (Reflect.getMetadata(MAPPINGS, target) as ClassMapping[] | undefined) ?? [];
}

/** The types that the decorated methods of a class emit, including its parents'. */
export function methodTypesOfClass(target: object): readonly string[] {
  return (Reflect.getMetadata(METHOD_TYPES, target) as string[] | undefined) ?? [];
}

/** Gives the decorated methods of an object that Nest did not make an emitter: for unit tests. */
export function provideWebhookEmitter(instance: object, webhooks: Pick<WebhooksService, 'emit'>): void {
  Object.defineProperty(instance, WEBHOOKS, { value: webhooks, configurable: true });
}

function methodDecorator(type: string, options: WebhookMappingOptions<never[]>): MethodEmits {
  return (target, propertyKey, descriptor) => {
    const method = descriptor.value!;
    // Nest injects properties into every instance it makes, request-scoped and inherited ones too.
    Inject(WebhooksService)(target, WEBHOOKS);
    const Class = target.constructor;
    Reflect.defineMetadata(METHOD_TYPES, [...methodTypesOfClass(Class), type], Class);
    const emitting = async function (this: EmittingObject, ...args: never[]): Promise<unknown> {
      const webhooks = this?.[WEBHOOKS];
      if (typeof webhooks?.emit !== 'function')
        throw new WebhookEmitterMissingError(`${Class.name}.${String(propertyKey)}`);
      const result = await method.apply(this, args);
      await emitMapped(webhooks, type, options, [result as never, ...args]);
      return result;
    };
    descriptor.value = sameToOthers(emitting, method) as typeof method;
  };
}

/** Other decorators put metadata on the function, and some read its name or its number of parameters. */
function sameToOthers<Fn extends object>(replacement: Fn, original: Fn): Fn {
  for (const key of Reflect.getOwnMetadataKeys(original)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original), replacement);
  }
  for (const property of ['name', 'length']) {
    Object.defineProperty(replacement, property, Object.getOwnPropertyDescriptor(original, property)!);
  }
  return replacement;
}
