import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

interface ElementScript {
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** The build, two folders above both the sources and the build of this file. */
const FILE = new URL('../../dist/dashboard/element.js', import.meta.url);

let script: ElementScript | undefined;

/** Read when it is first asked for: an app that never shows the dashboard does not pay for it. */
export function elementScript(): ElementScript {
  script ??= read();
  return script;
}

function read(): ElementScript {
  const plain = readFileSync(FILE);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { etag, plain, gzipped: gzipSync(plain, { level: 9 }) };
}
