/**
 * This package's own version. `require`, which every bundler follows into its bundle: package.json stands two folders
 * above both the sources and the build of this file.
 */
export const PACKAGE_VERSION = (require('../../package.json') as { version: string }).version;
