import type { DataSource } from 'typeorm';
import { WebhooksError } from '../domain/webhooks.error.js';

/** The database server has a setting under which our statements would not be safe. The app does not start. */
export class UnsafeServerSettingError extends WebhooksError {
  readonly code = 'webhooks/unsafe-server-setting';

  constructor(readonly setting: string) {
    super(
      `The database server has ${setting} in its sql_mode. The driver mysql2 writes values into statements with ` +
        'backslashes, which this mode takes for plain text: a search could read the rows of every tenant, in your own ' +
        `queries too. Take ${setting} out of sql_mode, for the server or for the sessions of this app.`,
    );
  }
}

/**
 * Refuses MySQL and MariaDB servers on which values that mysql2 escapes could end their text. PostgreSQL and SQLite
 * get values apart from the statement.
 * @throws UnsafeServerSettingError
 */
export async function checkServerSettings(dataSource: DataSource): Promise<void> {
  const { type } = dataSource.options;
  if (type !== 'mysql' && type !== 'mariadb') return;
  for (const mode of ['master', 'slave'] as const) {
    const queryRunner = dataSource.createQueryRunner(mode);
    try {
      const [row] = (await queryRunner.query('SELECT @@SESSION.sql_mode AS mode')) as { mode: string }[];
      if (row!.mode.includes('NO_BACKSLASH_ESCAPES'))
        throw new UnsafeServerSettingError('NO_BACKSLASH_ESCAPES');
    } finally {
      await queryRunner.release();
    }
  }
}
