import type { WebhookEventTypeDescription } from '../../config/event-catalogue.js';
import type { WebhooksGuidePart } from '../../config/guide-options.js';
import { byGroup } from '../../reference/by-group.js';
import { section, subsection, type GuideContext } from '../guide-context.js';
import { blocks, bullets, code, text } from '../markdown.js';
import { titleCase } from '../words.js';

/** The event types, by group. */
export const events = ({ Product, types }: GuideContext): WebhooksGuidePart[] => [
  section('events', 'Webhook Events'),
  subsection(
    'event-types',
    'Available Event Types',
    blocks(
      `${Product} supports the following webhook events:`,
      ...[...byGroup(types)].map(([group, members]) =>
        blocks(`#### ${text(groupTitle(group))}`, bullets(members.map(line))),
      ),
    ),
  ),
];

const line = ({ type, description }: WebhookEventTypeDescription): string =>
  description.trim() === '' ? code(type) : `${code(type)}: ${text(description)}`;

/** `Content Events`. */
function groupTitle(group: string): string {
  const title = group === group.toLowerCase() ? titleCase(group) : group;
  return /\bevents$/i.test(title.trim()) ? title : `${title} Events`;
}
