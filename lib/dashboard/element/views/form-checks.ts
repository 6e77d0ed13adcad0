import type { WebhookSettingsView } from '../api/api-types.js';
import type { HeaderRow } from '../parts/headers-editor.js';
import { usedRows, type FormValues, type Problems } from './form-values.js';
import { t } from '../texts/t.js';

const MAX = { name: 255, url: 2048, description: 2000, headerName: 64, headerValue: 1024, rateLimit: 1000 };

/** A `token` of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const RESERVED =
  /^(host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|cookie2?|set-cookie|forwarded|via|user-agent|(content|proxy|x-forwarded|webhook)-.*)$/i;

interface Known {
  readonly settings: WebhookSettingsView;
  /** The stored values. Those that stay are valid, even if today's rules would refuse them. */
  readonly initial: FormValues;
}

/**
 * Finds what the API would refuse, as far as the browser can tell. The API itself checks URLs and headers
 * only after the other fields are valid; here, the reader sees all problems at once.
 */
export function problemsIn(values: FormValues, { settings, initial }: Known): Problems {
  const problems = new Map<string, string>();
  const note = (key: string, problem: string | undefined): void => {
    if (problem !== undefined) problems.set(key, problem);
  };
  note('name', nameProblem(values.name.trim()));
  if (values.url === '' || values.url !== initial.url) note('url', urlProblem(values.url.trim(), settings));
  if (values.events.length === 0) note('events', t('problem.events'));
  note('description', tooLong(values.description.trim(), MAX.description));
  note('rateLimit', rateProblem(values.rateLimit.trim()));
  note('filter', values.incomplete ? t('filter.incomplete') : undefined);
  for (const [key, problem] of values.advancedProblems()) note(key, problem);
  const names = new Set<string>();
  const before = new Map(initial.headers.map(({ name, value }) => [name, value]));
  for (const row of usedRows(values)) {
    const isStored = before.get(row.name) === row.value;
    note(
      `header-${row.key}`,
      headerProblem(row, names, settings) ?? (isStored ? undefined : valueProblem(row)),
    );
    names.add(row.name.trim().toLowerCase());
  }
  return problems;
}

const tooLong = (text: string, most: number): string | undefined =>
  text.length > most ? t('problem.too-long', { length: text.length, most }) : undefined;

const nameProblem = (name: string): string | undefined =>
  name === '' ? t('problem.name') : tooLong(name, MAX.name);

function urlProblem(text: string, { allowHttp }: WebhookSettingsView): string | undefined {
  if (text === '') return t('problem.url');
  if (!URL.canParse(text)) return t('problem.whole-url', { example: 'https://example.com/webhooks' });
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
    return t(allowHttp ? 'problem.https-or-http' : 'problem.https');
  }
  if (url.username || url.password) return t('problem.credentials');
  if (text.includes('#')) return t('problem.fragment');
  return tooLong(text, MAX.url);
}

function rateProblem(text: string): string | undefined {
  if (text === '') return undefined;
  const rate = Number(text);
  const isValid = Number.isInteger(rate) && rate >= 1 && rate <= MAX.rateLimit;
  return isValid ? undefined : t('problem.number', { most: MAX.rateLimit });
}

function headerProblem(
  row: HeaderRow,
  others: ReadonlySet<string>,
  { signatureHeaders }: WebhookSettingsView,
): string | undefined {
  const name = row.name.trim();
  if (name === '') return t('problem.header-name');
  // Headers are sent as an object, which would keep only the last one.
  if (others.has(name.toLowerCase())) return t('problem.header-twice');
  if (!TOKEN.test(name)) return t('problem.header-token');
  if (RESERVED.test(name) || signatureHeaders.some((one) => one.name === name.toLowerCase())) {
    return t('problem.header-reserved', { name });
  }
  return tooLong(name, MAX.headerName);
}

const valueProblem = ({ value }: HeaderRow): string | undefined =>
  PRINTABLE_ASCII.test(value.trim()) ? tooLong(value.trim(), MAX.headerValue) : t('problem.header-value');
