/**
 * This package's own version. By `require`, which every bundler follows: package.json is two folders above both the
 * source and the build of this file.
 */
export const PACKAGE_VERSION = (require('../../package.json') as { version: string }).version;
