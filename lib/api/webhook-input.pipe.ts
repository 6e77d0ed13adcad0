import type { PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { flattenValidationErrors } from '../config/validation-problems.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';

/**
 * The type of a parameter that `WebhookInputPipe` makes. As an alias it leaves no class in the metadata, so that
 * the app's own validation pipe passes over it instead of stripping what we have to refuse.
 */
export type Checked<Dto> = Dto;

/** Checks a body or a query against its DTO. Unknown properties are refused, whatever the app's own pipes do. */
export class WebhookInputPipe<Dto extends object> implements PipeTransform<unknown, Promise<Dto>> {
  constructor(private readonly dto: Type<Dto>) {}

  /** @throws InvalidWebhookInputError */
  async transform(value: unknown): Promise<Dto> {
    const input = value ?? {};
    if (typeof input !== 'object' || Array.isArray(input)) {
      throw new InvalidWebhookInputError([{ field: '', message: 'The body must be a JSON object.' }]);
    }
    // What every object has, such as `constructor`, class-transformer passes over in silence.
    const inherited = Object.keys(input).filter((key) => key in Object.prototype);
    if (inherited.length > 0) {
      throw new InvalidWebhookInputError(
        inherited.map((field) => ({ field, message: `property ${field} should not exist` })),
      );
    }
    const instance = this.instanceOf(input);
    const errors = await validate(instance, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
    });
    if (errors.length > 0) throw new InvalidWebhookInputError(flattenValidationErrors(errors));
    return instance;
  }

  /** Objects are left as they are: class-transformer builds them anew, and drops or trips over odd keys in them. */
  private instanceOf(input: object): Dto {
    const entries = Object.entries(input);
    const flat = Object.fromEntries(entries.filter((entry) => !isNested(entry)));
    return Object.assign(plainToInstance(this.dto, flat), Object.fromEntries(entries.filter(isNested)));
  }
}

const isNested = ([, value]: [string, unknown]): boolean => typeof value === 'object' && value !== null;
