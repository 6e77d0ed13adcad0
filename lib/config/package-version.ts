import { readFileSync } from 'node:fs';

/** This package's own version: package.json stands one folder above both the sources and the build. */
export const PACKAGE_VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
