import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The cache of downloads and builds for the tests, shared by all checkouts of this user. It may be deleted at any
 * time.
 */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nestjs-webhooks');
