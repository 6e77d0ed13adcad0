// Loaded by NODE_OPTIONS into every process of a run on another Node than the one that node_modules was installed by: its
// better-sqlite3 is for one Node alone, so that TypeORM gets the one that TEST_BETTER_SQLITE3 names.
'use strict';
const Module = require('node:module');

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const name = request === 'better-sqlite3' ? process.env.TEST_BETTER_SQLITE3 : request;
  return resolveFilename.call(this, name, ...rest);
};
