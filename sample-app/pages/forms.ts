import { HttpException } from '@nestjs/common';
import { validate } from 'class-validator';

/** What the body parser makes of a form: anything, since anybody can send it. */
export type Form = Readonly<Record<string, unknown>>;

/** What is wrong with a form, by field; with the empty name: with all of it. */
export type Problems = Readonly<Record<string, string | undefined>>;

export function textOf(form: Form, field: string): string {
  const value = form[field];
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : '';
}

/** Breaks of the rules that the REST route has for the same input. */
export async function problemsOf(
  dto: object,
  labels: Readonly<Record<string, string>> = {},
): Promise<Problems | undefined> {
  const errors = await validate(dto);
  if (errors.length === 0) return undefined;
  return Object.fromEntries(
    errors.map(({ property, constraints = {} }) => {
      const [message = 'is not right'] = Object.values(constraints);
      return [property, `${message.replace(property, labels[property] ?? property)}.`];
    }),
  );
}

/** What a service refuses to do, as a problem of the form that asked for it. */
export async function refusal(field: string, work: () => Promise<unknown>): Promise<Problems | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof HttpException && error.getStatus() < 500) return { [field]: error.message };
    throw error;
  }
}
