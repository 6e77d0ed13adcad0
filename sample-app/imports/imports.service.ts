import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { WebhooksService } from 'nestjs-webhooks';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { newId } from '../common/id.js';
import { isoTime } from '../common/time.js';
import { CsvError, fromCsv } from '../exports/csv.js';
import { Follower } from '../followers/follower.entity.js';
import type { Platform } from '../platforms/platform.entity.js';
import { PlatformsService } from '../platforms/platforms.service.js';
import { Post } from '../posts/post.entity.js';
import type { ImportCompleted } from '../webhooks/system.events.js';
import { MOST_ROWS, type CreateImportDto } from './create-import.dto.js';
import { DataImport } from './data-import.entity.js';
import { toFollower, toPost, type Row } from './parse-rows.js';

const CHUNK = 50;
const LIST_SIZE = 100;

const toImportCompleted = (done: DataImport): ImportCompleted => ({
  import_id: done.id,
  resource: done.resource,
  imported_count: done.importedCount,
  rejected_count: done.rejectedCount,
  completed_at: isoTime(done.completedAt),
});

@Injectable()
export class ImportsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(PlatformsService) private readonly platforms: PlatformsService,
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
  ) {}

  /** The rows, the record of the import and its webhook are one transaction. */
  async run(accountId: string, { resource, platformId, csv, rows }: CreateImportDto): Promise<DataImport> {
    const platform = await this.platforms.get(accountId, platformId);
    const given: readonly Row[] = rows ?? parse(csv ?? '');
    if (given.length > MOST_ROWS) throw new BadRequestException(`An import has at most ${MOST_ROWS} rows.`);
    return this.dataSource.transaction(async (manager) => {
      const importedCount =
        resource === 'posts'
          ? await insertPosts(manager, platform, given)
          : await insertFollowers(manager, platform, given);
      const done: DataImport = {
        id: newId('imp'),
        accountId,
        resource,
        importedCount,
        rejectedCount: given.length - importedCount,
        completedAt: Date.now(),
      };
      await manager.insert(DataImport, done);
      await this.webhooks.emit('import.completed', toImportCompleted(done), { tenant: accountId, manager });
      return done;
    });
  }

  list(accountId: string): Promise<DataImport[]> {
    return this.dataSource.manager.find(DataImport, {
      where: { accountId },
      order: { completedAt: 'DESC' },
      take: LIST_SIZE,
    });
  }
}

function parse(csv: string): Row[] {
  try {
    return fromCsv(csv);
  } catch (error) {
    if (error instanceof CsvError) throw new BadRequestException(error.message);
    throw error;
  }
}

async function insertPosts(
  manager: EntityManager,
  platform: Platform,
  rows: readonly Row[],
): Promise<number> {
  const now = Date.now();
  const posts = rows.map((row) => toPost(row, platform, now)).filter((post) => post !== undefined);
  for (const chunk of chunksOf(posts)) await manager.insert(Post, chunk);
  return posts.length;
}

/** Rejects people who already follow. */
async function insertFollowers(
  manager: EntityManager,
  platform: Platform,
  rows: readonly Row[],
): Promise<number> {
  const now = Date.now();
  const byName = new Map<string, Follower>();
  for (const row of rows) {
    const follower = toFollower(row, platform, now);
    if (follower) byName.set(follower.username, follower);
  }
  for (const names of chunksOf([...byName.keys()])) {
    const where = { platformId: platform.id, username: In(names), lostAt: IsNull() };
    for (const { username } of await manager.findBy(Follower, where)) byName.delete(username);
  }
  for (const chunk of chunksOf([...byName.values()])) await manager.insert(Follower, chunk);
  return byName.size;
}

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}
