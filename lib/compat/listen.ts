import { DataSource } from 'typeorm';
import { postgresClientOf } from './postgres-client.js';

/** Tables and migrations are the app's business, and so are its logs. */
const CONNECTION_ONLY = {
  entities: [],
  subscribers: [],
  migrations: [],
  migrationsRun: false,
  synchronize: false,
  dropSchema: false,
  installExtensions: false,
  cache: false,
  logging: false,
} as const;

/**
 * Listens to a channel of PostgreSQL on a connection of its own, made like the app's. One from the app's pool would be
 * missing there.
 * @param onEnd the connection is lost, and so are notifications since
 * @returns a function that stops listening
 */
export async function listen(
  app: DataSource,
  channel: string,
  onNotification: () => void,
  onEnd: () => void,
): Promise<() => Promise<void>> {
  const { extra } = app.options as { extra?: object };
  const options: object = { ...app.options, ...CONNECTION_ONLY, poolSize: 1, extra: { ...extra, max: 1 } };
  const own = new DataSource(options as DataSource['options']);
  await own.initialize();
  let isEnded = false;
  const end = async (): Promise<void> => {
    if (isEnded) return;
    isEnded = true;
    await own.destroy();
  };
  try {
    const client = await postgresClientOf(own.createQueryRunner('master'));
    client.on('notification', onNotification);
    client.once('end', () => {
      if (isEnded) return;
      void end().catch(() => undefined);
      onEnd();
    });
    await client.query(`LISTEN ${channel}`);
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
  return end;
}
