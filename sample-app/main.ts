import 'reflect-metadata';
import { readEnvironment } from './config/environment.js';
import { start } from './start.js';
import { explain } from './start-error.js';
import { welcome } from './welcome.js';

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  console.log(welcome(await start(environment), environment));
}

main().catch((error: unknown) => {
  console.error(`Roundabout WebTraffic could not start.\n${explain(error)}`);
  process.exit(1);
});
