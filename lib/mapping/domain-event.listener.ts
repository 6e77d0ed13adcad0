import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { findEventEmitter, type DomainEventEmitter } from '../config/event-emitter.js';
import { WEBHOOKS_CATALOGUE } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import { thrownText } from '../domain/shown-text.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { WebhooksService } from '../webhooks.service.js';
import { emitMapped } from './emit-mapped.js';
import { mappingsOfClass, methodTypesOfClass, type ClassMapping } from './emits-webhook.decorator.js';

/** Listens to the app's event emitter for every domain event that is mapped to a webhook type. */
@Injectable()
export class DomainEventListener implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new WebhooksLogger();
  private readonly stop: (() => void)[] = [];
  private started: Promise<void> | undefined;

  constructor(
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    private readonly discovery: DiscoveryService,
    private readonly moduleRef: ModuleRef,
  ) {}

  /**
   * Nest calls this twice for some hybrid apps and microservices. A domain event must become one webhook there, too.
   */
  onApplicationBootstrap(): Promise<void> {
    return (this.started ??= this.start());
  }

  onModuleDestroy(): void {
    for (const stop of this.stop) stop();
  }

  private async start(): Promise<void> {
    const mappings = [...this.catalogue.mappings, ...this.classMappings()];
    const [first] = mappings;
    if (!first) return;
    const appEvents = await findEventEmitter(this.moduleRef);
    if (!appEvents) return this.withoutEmitter(first);
    for (const mapping of mappings) this.listen(appEvents, mapping);
  }

  /** @throws InvalidWebhooksOptionError */
  protected withoutEmitter({ on, type }: ClassMapping): void {
    throw new InvalidWebhooksOptionError(
      `The mapping of '${on}' to '${type}'`,
      'needs the app’s event emitter. Install @nestjs/event-emitter and import EventEmitterModule.forRoot().',
    );
  }

  private classMappings(): ClassMapping[] {
    const mappings = new Set<ClassMapping>();
    for (const Class of this.classes()) {
      const ofClass = mappingsOfClass(Class);
      for (const type of methodTypesOfClass(Class)) this.checkType(`@EmitsWebhook('${type}')`, Class, type);
      for (const { on, type } of ofClass) this.checkType(`@EmitsWebhook({ on: '${on}' })`, Class, type);
      for (const mapping of ofClass) mappings.add(mapping);
    }
    return [...mappings];
  }

  /** The classes of everything that Nest or the app's own factories made. */
  private classes(): Set<Function> {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const classes = wrappers.flatMap(({ metatype, instance }) => [metatype, classOf(instance)]);
    return new Set(classes.filter((one): one is Function => typeof one === 'function'));
  }

  /** Without this, a misspelled type would only be found at the emit, after the method has done its work. */
  private checkType(decorator: string, Class: Function, type: string): void {
    if (this.catalogue.has(type)) return;
    throw new InvalidWebhooksOptionError(
      `${decorator} on ${Class.name}`,
      `emits '${type}', which is not an event type of this app. Add it to the option events, or correct the name.`,
    );
  }

  private listen(appEvents: DomainEventEmitter, mapping: ClassMapping): void {
    const listener = (...values: never[]): Promise<void> => {
      const emitted = emitMapped(this.webhooks, mapping.type, mapping, values);
      // `emitAsync` gets the rejection. `emit` ignores results, so nobody else would handle it there.
      emitted.catch((error: unknown) =>
        this.logger.error(`${mapping.on} → ${mapping.type}: ${thrownText(error)}`),
      );
      return emitted;
    };
    appEvents.on(mapping.on, listener);
    this.stop.push(() => appEvents.off(mapping.on, listener));
  }
}

const classOf = (instance: unknown): unknown =>
  (Object.getPrototypeOf(Object(instance)) as object | null)?.constructor;
