import type { Type } from '@nestjs/common';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { documentedOf } from '../api/dto/documented.js';
import { nullable, type JsonSchema } from './schema.js';

/** The schema of a body or a query. */
export interface DtoSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** The schema of what callers write, from the rules of a DTO, its defaults and its descriptions. */
export function dtoSchema(dto: Type<object>): DtoSchema {
  const { properties = {}, required = [] } = targetConstructorToSchema(dto) as Partial<
    Record<'properties', Record<string, JsonSchema>> & Record<'required', string[]>
  >;
  const defaults = new dto() as Readonly<Record<string, unknown>>;
  const all = Object.entries(properties).map(([name, rules]) => [name, property(dto, name, rules, defaults)]);
  return {
    properties: Object.fromEntries(all) as DtoSchema['properties'],
    required: required.filter((name) => defaults[name] === undefined),
  };
}

function property(
  dto: Type<object>,
  name: string,
  rules: JsonSchema,
  defaults: Readonly<Record<string, unknown>>,
): JsonSchema {
  const { description, schema = rules, nullable: orNull } = documentedOf(dto.prototype as object, name);
  const json = {
    ...schema,
    ...(description === undefined ? {} : { description }),
    ...(defaults[name] === undefined ? {} : { default: defaults[name] }),
  };
  return orNull ? nullable({ json, components: {} }).json : json;
}
