import { cut, fieldsOf, titleOf } from './readable.js';
import { jsonBody, type Representation } from './represented.js';

const CARD = 'application/vnd.microsoft.card.adaptive';
const SCHEMA = 'http://adaptivecards.io/schemas/adaptive-card.json';
/** A workflow's message may have 28 KB: https://learn.microsoft.com/microsoftteams/limits-specifications-teams. */
const MOST_BYTES = 26_000;
const MOST_FACTS = 20;
const LONGEST_VALUE = 500;
const LONGEST_TITLE = 500;

/** An adaptive card for a workflow of Microsoft Teams ("When a Teams webhook request is received"). */
export const teamsMessage: Representation = (event) => {
  const facts = fieldsOf(event.data, MOST_FACTS, LONGEST_VALUE).map(({ name, value }) => ({
    title: escaped(name),
    value: escaped(value),
  }));
  for (;;) {
    const body = JSON.stringify(
      message(cut(titleOf(event), LONGEST_TITLE), facts, `${event.type} · ${event.createdAt} · ${event.id}`),
    );
    if (facts.length === 0 || Buffer.byteLength(body) <= MOST_BYTES) return jsonBody(body);
    facts.pop();
  }
};

const message = (title: string, facts: readonly object[], about: string): object => ({
  type: 'message',
  attachments: [
    {
      contentType: CARD,
      contentUrl: null,
      content: {
        $schema: SCHEMA,
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          { type: 'TextBlock', text: escaped(title), weight: 'Bolder', size: 'Medium', wrap: true },
          ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : []),
          { type: 'TextBlock', text: escaped(about), isSubtle: true, size: 'Small', wrap: true },
        ],
      },
    },
  ],
});

/** Cards read Markdown. A backslash makes the next sign literal. */
const escaped = (text: string): string => text.replaceAll(/[\\*_[\]`~#]/g, '\\$&');
