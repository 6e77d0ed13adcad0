import { parseArgs } from 'node:util';
import { catalogueBreaks, readCatalogue, writeCatalogue } from '../catalogue/catalogue-file.js';
import { UsageError, type Say } from './command.js';
import { loadCatalogue } from './load-catalogue.js';

export const CHECK_CATALOGUE_HELP = `Usage: nestjs-webhooks check-catalogue <module> [options]

Compares the catalogue of event types with the committed one, and tells what would break customers.

  <module>         A module that exports the catalogue, or the options of forRoot: JavaScript, or TypeScript where the
                   app has tsx, ts-node or @swc-node/register, or Node can load it; or a JSON file with the answer
                   of GET <path>/event-types
  --export <name>  The export. Default: default, or the only one that is a catalogue
  --file <file>    The committed catalogue. Default: webhooks.catalogue.json
  --write          Write the committed catalogue

Exit code: 0 where nothing breaks, 1 where something does, 2 where it could not be told.
`;

export async function checkCatalogue(given: readonly string[], say: Say): Promise<number> {
  const { module, name, file, write } = parsed(given);
  const now = await loadCatalogue(module, name);
  if (write) {
    writeCatalogue(file, now);
    say(`${file} has ${now.length} event types now. Commit it.`);
    return 0;
  }
  const committed = readCatalogue(file);
  const breaks = catalogueBreaks(committed, now);
  if (breaks.length > 0) {
    say(`This would break customers who rely on ${file}:`);
    for (const sentence of breaks) say(`  ${sentence}`);
    say('Keep what they rely on, or agree with them, run this with --write and commit the file.');
    return 1;
  }
  const isSame =
    JSON.stringify(now.map(({ type, schema }) => ({ type, schema }))) === JSON.stringify(committed);
  say(`Nothing breaks: ${committed.length} event types.`);
  if (!isSame)
    say(`The catalogue has more than ${file}. Run this with --write, so that it is held to that, too.`);
  return 0;
}

function parsed(given: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        export: { type: 'string' },
        file: { type: 'string', default: 'webhooks.catalogue.json' },
        write: { type: 'boolean', default: false },
      },
    });
    const [module, more] = positionals;
    if (module === undefined)
      throw new UsageError(`Say which module has the catalogue.\n\n${CHECK_CATALOGUE_HELP}`);
    if (more !== undefined)
      throw new UsageError(`${more} is one module too many.\n\n${CHECK_CATALOGUE_HELP}`);
    return { module, name: values.export, file: values.file, write: values.write };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${(error as Error).message}\n\n${CHECK_CATALOGUE_HELP}`);
  }
}
