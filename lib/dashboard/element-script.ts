import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface DashboardScript {
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

const scripts = new Map<string, DashboardScript>();

/** The element. */
export const elementScript = (): DashboardScript => kept('element', readElement);

/** The German texts of the element. */
export const germanScript = (): DashboardScript => kept('de', readGerman);

/** Loaded when it is first asked for: an app that never shows the dashboard does not pay for it. */
function kept(name: string, read: () => string): DashboardScript {
  const script = scripts.get(name) ?? scriptOf(read());
  scripts.set(name, script);
  return script;
}

/**
 * A script is the text of a module, so that a bundler takes it along and there is no file to ship. It is built, two
 * folders above both the sources and the build of this file.
 */
const readElement = (): string =>
  (require('../../dist/dashboard/element-text.js') as { ELEMENT_SCRIPT: string }).ELEMENT_SCRIPT;
const readGerman = (): string =>
  (require('../../dist/dashboard/de-text.js') as { GERMAN_SCRIPT: string }).GERMAN_SCRIPT;

function scriptOf(text: string): DashboardScript {
  const plain = Buffer.from(text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { etag, plain, gzipped: gzipSync(plain, { level: 9 }) };
}
