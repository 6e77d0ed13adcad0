import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const HASH_BYTES = 32;
const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** `salt:hash`, in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64')}:${(await derive(password, salt, HASH_BYTES)).toString('base64')}`;
}

/** Takes the same time if there is no hash, so that the time does not show which accounts exist. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const [salt = '', expected = ''] = (hash ?? '').split(':');
  const actual = await derive(password, Buffer.from(salt, 'base64'), HASH_BYTES);
  const wanted = Buffer.from(expected, 'base64');
  return wanted.length === HASH_BYTES && timingSafeEqual(actual, wanted);
}
