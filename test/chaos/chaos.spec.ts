import { chaosSuite } from './chaos-suite.js';
import { changes } from './scenarios/changes.scenarios.js';
import { crashes } from './scenarios/crashes.scenarios.js';
import { databaseFaults } from './scenarios/database.scenarios.js';
import { races } from './scenarios/races.scenarios.js';
import { redisFaults } from './scenarios/redis.scenarios.js';

// One file, so that all share the processes that have loaded the package. Those that take longest come first.
chaosSuite([...changes, ...crashes, ...databaseFaults, ...redisFaults, ...races]);
