import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what was downloaded or compiled for the tests stays, for every checkout of this user. It may be deleted at any time. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nestjs-webhooks');
