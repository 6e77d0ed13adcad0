/** The options that select the database. */
export const DATABASE_OPTIONS = {
  database: {
    type: 'string',
    value: 'url',
    text: 'The database: postgres://…, mysql://…, mariadb://… or file:… (SQLite). Default: the environment’s DATABASE_URL',
  },
  'data-source': {
    type: 'string',
    short: 'd',
    value: 'file',
    text: 'A module that exports the app’s DataSource of TypeORM: with its schema, prefix of tables, TLS and table of migrations',
  },
  export: {
    type: 'string',
    value: 'name',
    text: 'The export of --data-source. Default: default, or the only one',
  },
  'migrations-table': {
    type: 'string',
    value: 'name',
    text: 'The table that says which migrations have run. Default: that of --data-source, webhook_migrations where there is one, else migrations',
  },
} as const;
