import { acceptedLanguage, LANGUAGE_TAG } from '../routes/accepted-language.js';
import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import { CONTENT_SECURITY_POLICY, elementPage, isGerman } from './dashboard-page.js';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  vary: 'accept-language',
};

/** The parts of a request that a page needs. */
interface PageRequest {
  readonly url: string;
  /** The language of the reader's browser. */
  readonly accepted: string | undefined;
}

export const AskedPage = (): ParameterDecorator =>
  parameter(({ headers, url, originalUrl = url }: RouteRequest): PageRequest => ({
    url: originalUrl,
    accepted: acceptedLanguage(headers['accept-language']),
  }));

interface ServedElement {
  readonly element: 'webhooks-dashboard' | 'webhooks-operator';
  /** The last part of the page's path; the scripts are below it. */
  readonly folder: string;
  readonly scripts: (isInGerman: boolean) => readonly string[];
}

/** A page with one element. It works with and without a trailing slash. */
export function pageAnswer({ url, accepted }: PageRequest, served: ServedElement): RouteAnswer {
  const [path = '', query] = url.split('?');
  const folder = path.endsWith('/') ? './' : `./${served.folder}/`;
  const asked = new URLSearchParams(query).get('locale') ?? '';
  const locale = LANGUAGE_TAG.test(asked) ? asked : isGerman(accepted) ? accepted : undefined;
  const scripts = served.scripts(isGerman(locale)).map((script) => folder + script);
  return new RouteAnswer(200, HEADERS, elementPage({ element: served.element, scripts, locale }));
}

export type { PageRequest };
