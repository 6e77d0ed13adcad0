import type { WebhookFieldProblem } from './webhooks.error.js';

/**
 * What can be wrong with a field: each code with the names of its parameters. Codes are stable. Programs tell problems
 * apart by them, and pages say them in their own language.
 */
export const FIELD_PROBLEMS = {
  // Of any field.
  required: [],
  'unknown-field': ['name'],
  'not-text': [],
  'not-boolean': [],
  'not-number': [],
  'not-whole-number': [],
  'not-object': [],
  'not-list': [],
  'not-one-of': ['values'],
  'wrong-type': ['types'],
  'too-short': ['least'],
  'too-long': ['most'],
  'text-length': ['least', 'most'],
  'too-small': ['least'],
  'too-large': ['most'],
  'number-range': ['least', 'most'],
  'not-above': ['limit'],
  'not-below': ['limit'],
  'empty-list': [],
  'too-few-items': ['least'],
  'too-many-items': ['most'],
  'duplicate-items': [],
  'not-matching': ['pattern'],
  'not-allowed': [],
  'not-ascii': [],
  'not-ascii-word': [],
  'control-character': [],
  'colon-or-control-character': [],
  // A rule of the app's own payload class.
  rule: ['rule'],

  // Of queries.
  'not-time': [],
  'not-duration': [],
  'duration-too-short': ['least'],
  'duration-too-long': ['most'],
  'duration-range': ['least', 'most'],
  'not-before-end': [],
  'not-id': ['of'],
  'not-cursor': [],
  'not-language': [],
  'not-status-code': [],
  'not-error-code': [],
  'not-whole-hours': [],
  'too-many-buckets': ['most'],

  // Of events and what they carry.
  'unknown-event-type': ['type'],
  'unknown-version': ['values'],
  'no-versions': [],
  'data-too-large': ['bytes', 'most'],

  // Of URLs: `webhook-url.ts` has the rules.
  'url-not-a-url': [],
  'url-too-long': ['most'],
  'url-control-character': [],
  'url-surrounding-space': [],
  'url-scheme': ['schemes'],
  'url-credentials': [],
  'url-fragment': [],
  'url-port': ['port'],
  'url-host-name': [],
  'url-local-name': [],
  'url-address': [],

  // Of custom headers.
  'header-name-too-long': ['most'],
  'header-name': [],
  'header-reserved': [],
  'header-twice': [],
  'header-value-not-text': [],
  'header-value-too-long': ['most'],
  'header-value-not-ascii': [],
  'header-value-space': [],

  // Of secrets and certificates.
  'secret-not-choosable': [],
  'secret-signs-already': [],
  'secret-base64': ['least', 'most'],
  'certificate-not-pem': ['most'],
  'key-not-pem': ['most'],
  'certificate-unreadable': [],
  'key-unreadable': [],
  'key-of-another': [],
  'certificate-expired': ['expiredAt'],
  'certificate-weak': [],

  // Of representations and templates.
  'not-representation': [],
  'body-not-made': ['problem'],
  'template-placeholder': ['placeholder'],
  'template-unclosed': [],
  'template-too-deep': ['most'],
  'template-name': [],
  'template-too-many-placeholders': ['most'],
  'template-unknown-field': ['placeholder', 'type'],

  // Of filters.
  'filter-condition': [],
  'filter-operator': ['operators'],
  'filter-one-operator': [],
  'filter-group-field': [],
  'filter-too-deep': ['most'],
  'filter-empty-group': [],
  'filter-too-many-conditions': ['most'],
  'filter-too-many-searches': ['most'],
  'filter-field': [],
  'filter-value': ['operator'],

  // Of operators' requests.
  'not-another-endpoint': [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type FieldProblemCode = keyof typeof FIELD_PROBLEMS;

export type FieldProblemParams<Code extends FieldProblemCode> = {
  readonly [Name in (typeof FIELD_PROBLEMS)[Code][number]]: string | number;
};

/** A code, with its parameters if it has any. */
export type Coded<Code extends FieldProblemCode> = [(typeof FIELD_PROBLEMS)[Code][number]] extends [never]
  ? [code: Code]
  : [code: Code, params: FieldProblemParams<Code>];

/** Any of them. */
export type AnyCoded = { [Code in FieldProblemCode]: Coded<Code> }[FieldProblemCode];

export const fieldProblem = (
  field: string,
  message: string,
  ...[code, params]: AnyCoded
): WebhookFieldProblem => ({ field, message, code, params: params ?? {} });
