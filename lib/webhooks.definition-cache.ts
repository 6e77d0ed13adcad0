import type { DynamicModule } from '@nestjs/common';
import type { WebhooksDeclaration } from './config/declarations.js';
import { differenceOf } from './config/difference.js';

/**
 * Returns the same module for the same options, as long as somebody holds it: Nest makes only one of a module that it
 * meets twice. A definition contains nothing of an app, so apps in one process may share it.
 */
export class DefinitionCache {
  private readonly declarations = new WeakMap<DynamicModule, WebhooksDeclaration>();
  private readonly known = new Set<WeakRef<DynamicModule>>();

  of(
    declaration: WebhooksDeclaration,
    make: (declaration: WebhooksDeclaration) => DynamicModule,
  ): DynamicModule {
    for (const reference of this.known) {
      const definition = reference.deref();
      if (!definition) this.known.delete(reference);
      else if (isSame(this.declarations.get(definition)!, declaration)) return definition;
    }
    const made = make(declaration);
    this.declarations.set(made, declaration);
    this.known.add(new WeakRef(made));
    return made;
  }
}

function isSame(one: WebhooksDeclaration, other: WebhooksDeclaration): boolean {
  if (one.method !== other.method) return false;
  // Equal entries of two modules still make two owners of one type.
  if (one.method === 'forFeature') return one.options.events === other.options.events;
  return differenceOf(one.options, other.options) === undefined;
}
