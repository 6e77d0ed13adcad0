import type { WebhooksGuidePart } from '../../config/guide-options.js';
import { expressServer } from '../../reference/samples/express.js';
import { nodeServer } from '../../reference/samples/node-schemes.js';
import { bodyLimitKb, section, subsection, type GuideContext } from '../guide-context.js';
import { codeBlock } from '../markdown.js';

/** The number of types with a branch of their own in the sample. */
const SHOWN_TYPES = 2;

export const implementations = (context: GuideContext): WebhooksGuidePart[] => [
  section('sample-implementations', 'Sample Implementations'),
  subsection('sample-node', 'Node.js (Express)', codeBlock('javascript', server(context))),
  ...apiReference(context),
];

function server(context: GuideContext): string {
  const { types, config, guide, management } = context;
  const from = management === 'dashboard' ? 'dashboard' : 'settings';
  const { hexHeader } = config.signature;
  // It is in a comment of the sample, which a line break would end. A product name has none.
  const secretFrom = `${guide.product === undefined ? 'our' : `the ${guide.product}`} ${from}`;
  const limit = `${bodyLimitKb(context)}kb`;
  if (hexHeader === null) return nodeServer(limit, secretFrom);
  return expressServer({
    header: hexHeader,
    secretFrom,
    limit,
    cases: Object.fromEntries(
      types
        .slice(0, SHOWN_TYPES)
        .map(({ type }) => [type, [`// Process the ${type} event`, 'console.log(req.body.data);']]),
    ),
  });
}

function apiReference({ guide }: GuideContext): WebhooksGuidePart[] {
  if (guide.apiReference === undefined) return [];
  return [
    section(
      'api-reference',
      'API Reference',
      `For complete details on webhook management via the API, see our [API Documentation](${guide.apiReference}).`,
    ),
  ];
}
