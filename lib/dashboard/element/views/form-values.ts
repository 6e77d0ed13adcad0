import type { ApiError } from '../api/api-error.js';
import type {
  CreateWebhookEndpointDto,
  UpdateWebhookEndpointDto,
  WebhookEndpointView,
  WebhookFilter,
} from '../api/api-types.js';
import type { HeaderRow } from '../parts/headers-editor.js';
import { messageOf, problemText } from '../texts/error-texts.js';

/** What the advanced part of the form can change; what is not in it stays. */
export type Advanced = Pick<
  CreateWebhookEndpointDto,
  'representation' | 'version' | 'authorization' | 'clientCertificate' | 'secret'
>;

/** What stands in the form, as it was typed. */
export interface FormValues {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly active: boolean;
  readonly description: string;
  readonly headers: readonly HeaderRow[];
  readonly rateLimit: string;
  readonly concurrency: string;
  readonly filter: WebhookFilter | null;
  /** Its rows can't be saved. */
  readonly incomplete?: boolean;
  readonly advanced: Advanced;
  /** What keeps that from being saved. */
  readonly advancedProblems: () => Problems;
}

/** By the name of the field, `header-<key>` for a row of headers, or '' for what belongs to none. */
export type Problems = ReadonlyMap<string, string>;

const PLACES: ReadonlySet<string> = new Set([
  'name',
  'url',
  'events',
  'active',
  'description',
  'rateLimit',
  'concurrency',
  'filter',
  'representation',
  'version',
  'secret',
]);
/** Longer names are cut in the messages of the API. */
const SHOWN_NAME_LENGTH = 64;

export const valuesOf = (endpoint?: WebhookEndpointView): FormValues => ({
  name: endpoint?.name ?? '',
  url: endpoint?.url ?? '',
  events: endpoint?.events ?? [],
  active: endpoint?.active ?? true,
  description: endpoint?.description ?? '',
  headers: Object.entries(endpoint?.headers ?? {}).map(([name, value], key) => ({ key, name, value })),
  rateLimit: endpoint?.rateLimit?.toString() ?? '',
  concurrency: endpoint?.concurrency?.toString() ?? '',
  filter: endpoint?.filter ?? null,
  advanced: {},
  advancedProblems: () => new Map(),
});

export const inputOf = (values: FormValues): Required<Omit<CreateWebhookEndpointDto, keyof Advanced>> => ({
  name: values.name.trim(),
  url: values.url.trim(),
  events: [...values.events],
  active: values.active,
  description: values.description.trim() === '' ? null : values.description.trim(),
  headers: Object.fromEntries(usedRows(values).map(({ name, value }) => [name.trim(), value.trim()])),
  rateLimit: numberIn(values.rateLimit),
  concurrency: numberIn(values.concurrency),
  filter: values.filter,
});

const numberIn = (text: string): number | null => (text.trim() === '' ? null : Number(text));

/** Only what is other than it was, so that what somebody else changed meanwhile stays. */
export function changesOf(values: FormValues, initial: FormValues): UpdateWebhookEndpointDto {
  const changed = Object.entries(inputOf(values)).filter(([key]) => {
    const name = key as keyof FormValues;
    return comparable(name, values) !== comparable(name, initial);
  });
  return { ...Object.fromEntries(changed), ...values.advanced };
}

/** Where each problem that the API found is to be shown. */
export function problemsOf(error: ApiError, values: FormValues): Problems {
  if (error.details.length === 0) return new Map([['', messageOf(error)]]);
  const problems = new Map<string, string>();
  for (const detail of error.details) {
    const key = placeOf(detail.field, values);
    const before = problems.get(key);
    const text = problemText(detail, key.startsWith('header-') ? detail.field : key);
    problems.set(key, before === undefined ? text : `${before} ${text}`);
  }
  return problems;
}

function placeOf(path: string, values: FormValues): string {
  if (path.startsWith('headers')) {
    const rows = values.headers.filter((row) => `headers.${shownName(row.name.trim())}` === path);
    return rows.length > 0 ? `header-${rows.at(-1)!.key}` : 'headers';
  }
  const field = /^\w*/.exec(path)![0];
  // Each of what these hold has a place of its own.
  if (field === 'authorization' || field === 'clientCertificate') return path;
  return PLACES.has(field) ? field : '';
}

const shownName = (name: string): string =>
  name.length > SHOWN_NAME_LENGTH ? `${name.slice(0, SHOWN_NAME_LENGTH)}…` : name;

/** Those with something in them. */
export const usedRows = ({ headers }: FormValues): readonly HeaderRow[] =>
  headers.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '');

/** The order of events is no difference. */
const comparable = (name: keyof FormValues, values: FormValues): string =>
  JSON.stringify(name === 'events' ? [...values.events].sort() : values[name]);
