import { html, type TemplateResult } from 'lit';
import { errorWords } from '../parts/response.js';
import { language } from '../texts/language.js';
import { operatorTexts } from '../texts/operator.en.js';
import { formatNumber, t } from '../texts/t.js';
import { countOf } from './acts.js';
import type { OperatorAttentionView, OperatorWaitingView } from './operator-types.js';
import { inEnglish } from './parts.js';
import { stamp } from './stamp.js';

type Sentence = Pick<OperatorAttentionView | OperatorWaitingView, 'code' | 'params' | 'text'>;

const OPTIONAL = /\[([^\]]*)\]/g;
const PARAM = /\{(\w+)\}/;
const TIME = /(At|Until|Since)$/;

/** A sentence of the routes in the page's language; in English if the page does not know its code. */
export function said(of: 'waits' | 'attends', { code, params, text }: Sentence): TemplateResult {
  const key = `ops.${of}.${code}`;
  if (!isKnown(key)) return inEnglish(text);
  const isGiven = (part: string): boolean => (params[PARAM.exec(part)?.[1] ?? ''] ?? null) !== null;
  const pattern = language()
    .pattern(key, 0)
    .replaceAll(OPTIONAL, (_, part: string) => (isGiven(part) ? part : ''));
  return html`${pattern.split(PARAM).map((part, index) => (index % 2 === 0 ? part : shown(part, params)))}`;
}

const isKnown = (key: string): key is keyof typeof operatorTexts => Object.hasOwn(operatorTexts, key);

/** What a delivery waits for, in a word or two. */
export function waitingWords(code: string): string {
  const key = `ops.waiting.${code}`;
  return isKnown(key) ? t(key as 'ops.waiting.claim') : code;
}

const REASONS = ['failing', 'gone', 'operator'] as const;

/** Why an endpoint is disabled. */
export function disabledBecause(reason: string): string {
  const known = REASONS.find((one) => one === reason);
  return known ? t(`ops.disabled-because.${known}`) : reason;
}

function shown(name: string, params: Sentence['params']): unknown {
  const value = params[name]!;
  if (name === 'count') return countOf({ count: Number(value), isMore: params.isMore === true });
  if (name === 'errorCode') return errorWords(String(value));
  if (name === 'disabledReason') return disabledBecause(String(value));
  if (name === 'statusCode') return String(value);
  if (TIME.test(name)) return stamp(String(value));
  return typeof value === 'number' ? formatNumber(value) : html`<bdi>${value}</bdi>`;
}
