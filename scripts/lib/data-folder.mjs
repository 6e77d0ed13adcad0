import { chmodSync, mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** On Linux, files here are in memory. */
const IN_MEMORY = '/dev/shm';

/** A whole run writes less than a gigabyte. */
const NEEDED_BYTES = 4 * 2 ** 30;

/**
 * Creates a folder for the data of servers, which other users can traverse: PostgreSQL runs as one. Uses memory if
 * there is room: servers sync some files despite their settings, which on a disk takes most of the time of creating
 * and dropping a test's database.
 *
 * @param {boolean} durable uses the disk
 */
export function makeDataFolder(durable) {
  const parent = !durable && hasRoom() ? IN_MEMORY : tmpdir();
  const folder = mkdtempSync(join(parent, 'nestjs-webhooks-'));
  chmodSync(folder, 0o755);
  return folder;
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return Math.min(bavail * bsize, freemem()) >= NEEDED_BYTES;
  } catch {
    return false;
  }
}
