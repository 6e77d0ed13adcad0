import 'reflect-metadata';
import { readEnvironment } from './config/environment.js';
import { start } from './start.js';
import { explain } from './start-error.js';
import { welcome } from './welcome.js';

try {
  const environment = readEnvironment(process.env);
  console.log(welcome(await start(environment), environment));
} catch (error) {
  console.error(`Roundabout WebTraffic could not start.\n${explain(error)}`);
  process.exit(1);
}
