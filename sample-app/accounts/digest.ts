import { createHash } from 'node:crypto';

/** SHA-256 in hex, for random tokens. Passwords can be guessed, so they need `passwords.ts`. */
export const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
