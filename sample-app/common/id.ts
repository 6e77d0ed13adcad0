import { randomUUID } from 'node:crypto';

/** `post_5f2c…`: the prefix tells what it is the id of. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;
