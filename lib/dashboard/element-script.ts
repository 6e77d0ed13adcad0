import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface ElementScript {
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

type Texts = Readonly<Record<string, string>>;

/**
 * Each script is bundled as the text of a module, so bundlers include it and there is no file to ship. It is built two
 * folders above both the source and the build of this file.
 */
const readElement = (): Texts =>
  (require('../../dist/dashboard/element-text.js') as { SCRIPTS: Texts }).SCRIPTS;
const readGerman = (): Texts => (require('../../dist/dashboard/de-text.js') as { SCRIPTS: Texts }).SCRIPTS;
const readOperator = (): Texts =>
  (require('../../dist/dashboard/operator-text.js') as { SCRIPTS: Texts }).SCRIPTS;

type Scripts = (name: string) => ElementScript | undefined;

/** The scripts by name. Loaded on the first request, so an app that never shows the page does not pay for them. */
function scriptsOf(read: () => Texts): Scripts {
  const scripts = new Map<string, ElementScript>();
  return (name) => {
    const known = scripts.get(name);
    if (known) return known;
    const texts = read();
    if (!Object.hasOwn(texts, name)) return undefined;
    const script = scriptOf(texts[name]!);
    scripts.set(name, script);
    return script;
  };
}

/** The customers' element, the script that it imports later, and the German texts. */
export const dashboardScript = scriptsOf(() => ({ ...readElement(), ...readGerman() }));

/** The operators' element. */
export const operatorScript = scriptsOf(readOperator);

function scriptOf(text: string): ElementScript {
  const plain = Buffer.from(text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { etag, plain, gzipped: gzipSync(plain, { level: 9 }) };
}
