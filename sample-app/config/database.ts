import type { TypeOrmModuleOptions } from '@nestjs/typeorm';

// `synchronize` makes the tables of the app, and those of the package. That is for development: in production, give
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
        // In WAL mode, the last commits may be lost in a power cut otherwise.
        prepareDatabase: (file: { pragma(text: string): void }) => file.pragma('synchronous = FULL'),
      };
    case 'mysql':
    case 'mariadb':
      return { ...SHARED, type: scheme, url, charset: 'utf8mb4' };
    default:
      return { ...SHARED, type: 'postgres', url };
  }
}
