/** Descriptions of a field, in addition to its schema. `{name}` is a parameter; `count` selects one of two forms. */
export const ENGLISH = {
  date: 'a date (2026-01-31)',
  'date-time': 'a time in ISO 8601',
  time: 'a time of day',
  duration: 'a duration in ISO 8601',
  email: 'an email address',
  uri: 'a URL',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
  format: 'format {format}',
  characters: { one: '{count} character', other: '{count} characters' },
  items: { one: '{count} item', other: '{count} items' },
  between: '{least} to {most}',
  'at-least': 'at least {limit}',
  'at-most': 'at most {limit}',
  'more-than': 'more than {limit}',
  'less-than': 'less than {limit}',
  'not-empty': 'not empty',
  multiple: 'a multiple of {value}',
  matches: 'matches {pattern}',
  unique: 'no item twice',
  'not-null': 'not null',
  not: 'not {values}',
  default: '{value} by default',
  deprecated: 'deprecated',
  each: 'each {constraint}',
  or: 'or',
  'array-of': 'array of {types}',
  again: 'object, as {path} above',
  'any-key': 'any key',
} as const;

export type WordsName = keyof typeof ENGLISH;

/** Describes a field in the reader's language. */
export type Say = (name: WordsName, parameters?: Readonly<Record<string, string | number>>) => string;

export const inEnglish: Say = (name, parameters = {}) => {
  const text = ENGLISH[name];
  const pattern = typeof text === 'string' ? text : parameters.count === 1 ? text.one : text.other;
  return pattern.replaceAll(/\{(\w+)\}/g, (_, key: string) => String(parameters[key]));
};
