import { randomUUID } from 'node:crypto';

/** `post_5f2c…`: the prefix names the kind. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;
