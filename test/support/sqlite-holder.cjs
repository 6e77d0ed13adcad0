// Another process on a SQLite file. It locks the file when it is told how (`IMMEDIATE`, `EXCLUSIVE`), and lets go when told again.
'use strict';
const Database = require('better-sqlite3');

const database = new Database(process.argv[2]);
process.on('message', (mode) => {
  database.exec(mode === 'COMMIT' ? mode : `BEGIN ${mode}`);
  process.send('done');
});
process.send('done');
