import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

interface ElementScript {
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

let script: ElementScript | undefined;

/** Loaded when it is first asked for: an app that never shows the dashboard does not pay for it. */
export function elementScript(): ElementScript {
  script ??= load();
  return script;
}

/**
 * The script is the text of a module, so that a bundler takes it along and there is no file to ship. It is built, two
 * folders above both the sources and the build of this file.
 */
function load(): ElementScript {
  const { ELEMENT_SCRIPT } = require('../../dist/dashboard/element-text.js') as { ELEMENT_SCRIPT: string };
  const plain = Buffer.from(ELEMENT_SCRIPT);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { etag, plain, gzipped: gzipSync(plain, { level: 9 }) };
}
