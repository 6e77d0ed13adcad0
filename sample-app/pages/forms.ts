import { HttpException } from '@nestjs/common';
import { validate } from 'class-validator';

/** The parsed body of a form. It may contain anything, since anybody can send it. */
export type Form = Readonly<Record<string, unknown>>;

/** Problems of a form, by field; the empty name stands for the whole form. */
export type Problems = Readonly<Record<string, string | undefined>>;

export function textOf(form: Form, field: string): string {
  const value = form[field];
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : '';
}

/** Checks the rules that the REST route has for the same input. */
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

/** Shows a service's refusal as a problem of the form. */
export async function refusal(field: string, work: () => Promise<unknown>): Promise<Problems | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof HttpException && error.getStatus() < 500) return { [field]: error.message };
    throw error;
  }
}
