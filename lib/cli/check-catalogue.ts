import { command } from './command.js';

export const checkCatalogue = command(
  {
    summary: 'Tell what in the catalogue of event types would break customers',
    description:
      'Compares the catalogue of event types with the committed one, and tells what would break customers.',
    arguments: [
      {
        name: 'module',
        text:
          'A module that exports the catalogue, or the options of forRoot: JavaScript, or TypeScript where the app has tsx, ' +
          'ts-node or @swc-node/register, or Node can load it; or a JSON file with the answer of GET <path>/event-types',
      },
    ],
    options: {
      export: {
        type: 'string',
        value: 'name',
        text: 'The export. Default: default, or the only one that is a catalogue',
      },
      file: {
        type: 'string',
        value: 'file',
        default: 'webhooks.catalogue.json',
        text: 'The committed catalogue',
      },
      write: { type: 'boolean', text: 'Write the committed catalogue' },
    },
  },
  async ({ values: { export: name, file, write }, positionals: [module] }, say) => {
    const { loadCatalogue } = await import('./load-catalogue.js');
    const { catalogueBreaks, readCatalogue, writeCatalogue } = await import('../catalogue/catalogue-file.js');
    const now = await loadCatalogue(module!, name);
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
  },
);
