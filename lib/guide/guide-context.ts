import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import type { WebhooksGuideConfig, WebhooksGuidePart } from '../config/guide-options.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { text } from './markdown.js';

/** The input of the guide. */
export interface GuideSource {
  readonly guide: WebhooksGuideConfig;
  readonly config: WebhooksConfig;
  readonly types: readonly WebhookEventTypeDescription[];
  /** The described version of the data; `null`: the app has no versions. */
  readonly version: string | null;
  /** How customers manage their webhooks. */
  readonly management: 'dashboard' | 'api' | 'none';
}

/** The same, with values that the sentences need. */
export interface GuideContext extends GuideSource {
  /** The app's name: within a sentence, and at its start. */
  readonly product: string;
  readonly Product: string;
}

export function guideContext(source: GuideSource): GuideContext {
  const { product } = source.guide;
  if (product === undefined) return { ...source, product: 'our app', Product: 'Our app' };
  return { ...source, product: text(product), Product: text(product) };
}

/** A part. Its heading is that of a section, of a subsection, or of a language or a type. */
export const section = (name: string, title: string, markdown = ''): WebhooksGuidePart => ({
  name,
  title,
  level: 2,
  markdown,
});
export const subsection = (name: string, title: string, markdown = ''): WebhooksGuidePart => ({
  ...section(name, title, markdown),
  level: 3,
});
export const detail = (name: string, title: string, markdown = ''): WebhooksGuidePart => ({
  ...section(name, title, markdown),
  level: 4,
});

/** In KiB, above the longest body: the limit that body parsers of receivers need. */
export const bodyLimitKb = ({ config }: GuideContext): number =>
  Math.ceil((config.limits.bodyBytes / 1_024 + 1) / 100) * 100;
