import type { Html } from './html.js';

/** The entries of the menu. */
export type Section = 'overview' | 'posts' | 'platforms' | 'integrations' | 'receiver' | 'operators';

/** The result of a handler. */
export interface Page {
  readonly title: string;
  readonly section?: Section;
  readonly body: Html;
  /** Default: 200. */
  readonly status?: number;
  /** Additional scripts of this page. */
  readonly scripts?: readonly string[];
}

/** Post/Redirect/Get: reloading the next page does not post again. */
export interface SeeOther {
  readonly location: string;
}

export type Answer = Page | SeeOther;

export const seeOther = (location: string): SeeOther => ({ location });

/** The sign-in page, with the path to return to. */
export const signInPath = (next: string): string =>
  next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;

/** Accepts only a path of this app. Browsers would treat `//` and `/\` as another host. */
export const localPath = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])[!-~]*$/.test(next) ? next : '/';
