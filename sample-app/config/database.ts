import type { TypeOrmModuleOptions } from '@nestjs/typeorm';

// `synchronize` creates the tables of the app and of the package. That is for development: in production, use
// `migrations: [...webhooksMigrations, ...yourOwn]` and run them.
const SHARED = { autoLoadEntities: true, synchronize: true, retryAttempts: 5, retryDelay: 1000 } as const;

export function databaseOptions(url: string): TypeOrmModuleOptions {
  const scheme = url.slice(0, url.indexOf(':'));
  switch (scheme) {
    case 'sqlite':
      return {
        ...SHARED,
        type: 'better-sqlite3',
        database: url.slice('sqlite:'.length),
        enableWAL: true,
        // Without this, WAL mode may lose the last commits in a power cut.
        prepareDatabase: (file: { pragma(text: string): void }) => file.pragma('synchronous = FULL'),
      };
    case 'mysql':
    case 'mariadb':
      return { ...SHARED, type: scheme, url, charset: 'utf8mb4' };
    default:
      return { ...SHARED, type: 'postgres', url };
  }
}
