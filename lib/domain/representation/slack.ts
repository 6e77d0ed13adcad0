import { cut, fieldsOf, titleOf, type ReadableField } from './readable.js';
import { jsonBody, type Representation } from './represented.js';

/**
 * Slack's limits are ten fields of 2,000 characters, and a text of 3,000:
 * https://docs.slack.dev/reference/block-kit/blocks/section-block.
 */
const MOST_FIELDS = 10;
/** Escaping turns a character into five at most. */
const LONGEST_VALUE = 300;
const LONGEST_TITLE = 500;

/** A message for an incoming webhook of Slack, in Block Kit. `text` is what notifications show. */
export const slackMessage: Representation = (event) => {
  const title = cut(titleOf(event), LONGEST_TITLE);
  const fields = fieldsOf(event.data, MOST_FIELDS, LONGEST_VALUE);
  const about = `${event.type} · ${event.createdAt} · ${event.id}`;
  const blocks = [
    { type: 'section', text: mrkdwn(`*${escaped(title)}*`) },
    ...(fields.length > 0 ? [{ type: 'section', fields: fields.map(field) }] : []),
    { type: 'context', elements: [mrkdwn(escaped(about))] },
  ];
  return jsonBody(JSON.stringify({ text: escaped(title), blocks }));
};

const field = ({ name, value }: ReadableField): object => mrkdwn(`*${escaped(name)}*\n${linked(value)}`);

/** `verbatim`: Slack makes no links and no mentions from customers' texts. */
const mrkdwn = (text: string): object => ({ type: 'mrkdwn', text, verbatim: true });

/** https://docs.slack.dev/messaging/formatting-message-text#escaping: with these three, no text is a mention or a link. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const linked = (value: string): string =>
  /^https?:\/\/[^\s|<>…]+$/.test(value) ? `<${escaped(value)}>` : escaped(value);
