import type { ApiError } from '../api/api-error.js';
import type {
  CreateWebhookEndpointDto,
  UpdateWebhookEndpointDto,
  WebhookEndpointView,
  WebhookFilter,
} from '../api/api-types.js';
import type { HeaderRow } from '../parts/headers-editor.js';
import { messageOf, problemText } from '../texts/error-texts.js';

/** The fields of the advanced part. Those that are absent stay unchanged. */
export type Advanced = Pick<
  CreateWebhookEndpointDto,
  'representation' | 'version' | 'authorization' | 'clientCertificate' | 'secret'
>;

/** The values of the form, as typed. */
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
  /** Whether a row of the filter is incomplete, so that it can't be saved. */
  readonly incomplete?: boolean;
  readonly advanced: Advanced;
  /** The problems of the advanced part. */
  readonly advancedProblems: () => Problems;
}

/**
 * The keys are names of fields, `header-<key>` for a row of headers, or `''` for a problem of the whole form.
 */
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
/** The API cuts longer names in its messages. */
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

/** Returns only the changed fields, so that saving does not undo what somebody else changed meanwhile. */
export function changesOf(values: FormValues, initial: FormValues): UpdateWebhookEndpointDto {
  const changed = Object.entries(inputOf(values)).filter(([key]) => {
    const name = key as keyof FormValues;
    return comparable(name, values) !== comparable(name, initial);
  });
  return { ...Object.fromEntries(changed), ...values.advanced };
}

/** Assigns the problems that the API found to the fields that show them. */
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
  // These have several inputs, each of which shows its own problem.
  if (field === 'authorization' || field === 'clientCertificate') return path;
  return PLACES.has(field) ? field : '';
}

const shownName = (name: string): string =>
  name.length > SHOWN_NAME_LENGTH ? `${name.slice(0, SHOWN_NAME_LENGTH)}…` : name;

/** The rows that are not empty. */
export const usedRows = ({ headers }: FormValues): readonly HeaderRow[] =>
  headers.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '');

/** The order of events makes no difference. */
const comparable = (name: keyof FormValues, values: FormValues): string =>
  JSON.stringify(name === 'events' ? [...values.events].sort() : values[name]);
