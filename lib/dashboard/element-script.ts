import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface DashboardScript {
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

const scripts = new Map<string, DashboardScript>();

/**
 * The element, what it imports later, and the German texts, by their names. Loaded when one is first asked for: an app that never shows
 * the dashboard does not pay for it.
 */
export function dashboardScript(name: string): DashboardScript | undefined {
  const known = scripts.get(name);
  if (known) return known;
  const texts = { ...readElement(), ...readGerman() };
  if (!Object.hasOwn(texts, name)) return undefined;
  const script = scriptOf(texts[name]!);
  scripts.set(name, script);
  return script;
}

type Texts = Readonly<Record<string, string>>;

/**
 * A script is the text of a module, so that a bundler takes it along and there is no file to ship. It is built, two
 * folders above both the sources and the build of this file.
 */
const readElement = (): Texts =>
  (require('../../dist/dashboard/element-text.js') as { SCRIPTS: Texts }).SCRIPTS;
const readGerman = (): Texts => (require('../../dist/dashboard/de-text.js') as { SCRIPTS: Texts }).SCRIPTS;

function scriptOf(text: string): DashboardScript {
  const plain = Buffer.from(text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { etag, plain, gzipped: gzipSync(plain, { level: 9 }) };
}
