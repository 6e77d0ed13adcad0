import type { Html } from './html.js';

/** What the menu has, and so where a page can be. */
export type Section = 'overview' | 'posts' | 'platforms' | 'integrations' | 'receiver' | 'operators';

/** What a handler answers with. */
export interface Page {
  readonly title: string;
  readonly section?: Section;
  readonly body: Html;
  /** Default: 200. */
  readonly status?: number;
  /** Scripts of the page, besides the one of all pages. */
  readonly scripts?: readonly string[];
}

/** Post/Redirect/Get: reloading what comes next does not post again. */
export interface SeeOther {
  readonly location: string;
}

export type Answer = Page | SeeOther;

export const seeOther = (location: string): SeeOther => ({ location });

/** Where to sign in, and to come back from there. */
export const signInPath = (next: string): string =>
  next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;

/** A path of this app, and nothing that a browser takes for another host, as it does with `//` and `/\`. */
export const localPath = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])[!-~]*$/.test(next) ? next : '/';
