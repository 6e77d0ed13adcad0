import { writeFileSync } from 'node:fs';
import type { WebhooksModuleOptions } from '../config/webhooks-options.js';
import { isRecord } from '../reference/resolve.js';
import { command } from './command.js';
import { loadExport } from './load-exports.js';

const isOptions = (value: unknown): value is WebhooksModuleOptions =>
  isRecord(value) && isRecord(value.events) && 'api' in value;

export const guide = command(
  {
    summary: 'Write the guide for your customers, as Markdown',
    description:
      'Writes the guide for customers, made of the options that the app gives to forRoot. It needs no app and no database.',
    arguments: [
      {
        name: 'module',
        text:
          'A module that exports the options of forRoot: JavaScript, or TypeScript where the app has tsx, ts-node or ' +
          '@swc-node/register, or Node can load it',
      },
    ],
    options: {
      export: {
        type: 'string',
        value: 'name',
        text: 'The export. Default: default, or the only one that is such options',
      },
      output: {
        type: 'string',
        short: 'o',
        value: 'file',
        text: 'The file to write. Default: standard output',
      },
    },
  },
  async ({ values: { export: name, output }, positionals: [module] }, say) => {
    const { webhooksGuide } = await import('../guide/webhooks-guide.js');
    const markdown = webhooksGuide(await loadExport(module!, name, 'options of forRoot', isOptions));
    if (output === undefined) say(markdown.trimEnd());
    else writeFileSync(output, markdown);
    return 0;
  },
);
