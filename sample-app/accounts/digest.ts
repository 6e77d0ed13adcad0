import { createHash } from 'node:crypto';

/** SHA-256 in hex. For random tokens; a password, which can be guessed, needs `passwords.ts`. */
export const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
