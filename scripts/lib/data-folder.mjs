import { chmodSync, mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux keeps in memory what is written there. */
const IN_MEMORY = '/dev/shm';

/** A whole run writes under a gigabyte. */
const NEEDED_BYTES = 4 * 2 ** 30;

/**
 * A new folder for the data of servers, which other users can pass through: PostgreSQL runs as one. In memory, where there is room: what a
 * server syncs on a disk in spite of its settings is most of the time that a test's own database takes to be made and dropped.
 *
 * @param {boolean} durable on the disk in any case
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
