import { binaryCloudEvent, structuredCloudEvent } from '../domain/representation/cloudevents.js';
import {
  ENVELOPE_NAME,
  choiceName,
  choiceOf,
  type RepresentationChoice,
} from '../domain/representation/choice.js';
import {
  eventOf,
  jsonBody,
  type Represented,
  type Representation,
} from '../domain/representation/represented.js';
import { slackMessage } from '../domain/representation/slack.js';
import { standardWebhooks } from '../domain/representation/standard-webhooks.js';
import { teamsMessage } from '../domain/representation/teams.js';
import { TemplateTooLargeError, templateRepresentation } from '../domain/representation/template.js';
import type { LoadedDelivery } from '../domain/delivery.js';
import type { EventCatalogue } from './event-catalogue.js';
import type { EventVersions } from './event-versions.js';
import { ownRepresentation, type RepresentationsConfig } from './representation-options.js';

/** How much a format may add to the data. */
const MARGIN_BYTES = 16 * 1024;
/** How many parsed templates are kept. */
const MOST_TEMPLATES = 1_000;

/** A body could not be made. The message is for the customer; the cause is for the app only. */
export class UnmadeBody extends Error {}

interface Named {
  readonly description: string;
  readonly represent: Representation;
}

/** A representation as customers see it. */
export interface RepresentationDescription {
  readonly name: string;
  readonly description: string;
}

const builtIn = (source: string): Readonly<Record<string, Named>> => ({
  'standard-webhooks': {
    description: 'The payload of Standard Webhooks: type, timestamp and data.',
    represent: standardWebhooks,
  },
  cloudevents: {
    description: 'CloudEvents 1.0, attributes and data in one JSON text.',
    represent: structuredCloudEvent(source),
  },
  'cloudevents-binary': {
    description: 'CloudEvents 1.0, attributes in ce-… headers and the data alone as the body.',
    represent: binaryCloudEvent(source),
  },
  slack: { description: 'A readable message for an incoming webhook of Slack.', represent: slackMessage },
  teams: { description: 'A readable card for a workflow of Microsoft Teams.', represent: teamsMessage },
});

/** The choice of an endpoint, as it is stored: see `storedChoice`. */
export interface WantedForm {
  readonly representation: string | null;
  readonly version: string | null;
}

/** What a body is made from. */
export type EventInForm = Pick<LoadedDelivery, 'body' | 'tenant' | 'eventType' | 'eventVersion'>;

/** The bodies that an endpoint can choose, besides the event's own. */
export class Representations {
  private readonly named: ReadonlyMap<string, Named>;
  private readonly templates = new Map<string, Representation>();
  private readonly mostBytes: number;

  constructor(
    { own, source }: { readonly own: RepresentationsConfig; readonly source: string },
    bodyBytes: number,
    private readonly catalogue: Pick<EventCatalogue, 'descriptionOf'>,
    readonly versions: EventVersions,
  ) {
    this.mostBytes = bodyBytes + MARGIN_BYTES;
    const ofApp = Object.entries(own).map(
      ([name, options]) =>
        [name, { description: options.description, represent: ownRepresentation(options) }] as const,
    );
    this.named = new Map([...Object.entries(builtIn(source)), ...ofApp]);
  }

  get descriptions(): RepresentationDescription[] {
    return [
      { name: ENVELOPE_NAME, description: 'The event as the guide shows it.' },
      ...[...this.named].map(([name, { description }]) => ({ name, description })),
    ];
  }

  has(name: string): boolean {
    return name === ENVELOPE_NAME || this.named.has(name);
  }

  /** Whether it is the event's own body. */
  isPlain({ representation, version }: WantedForm, event: EventInForm, now: number): boolean {
    if (representation !== null) return false;
    const { versions } = this;
    return (
      versions.newest === null ||
      !versions.differs(event.eventType, event.eventVersion, versions.effective(version, now))
    );
  }

  /** @throws UnmadeBody */
  make({ representation: stored, version }: WantedForm, event: EventInForm, now: number): Represented {
    const name = choiceName(stored);
    const { versions } = this;
    const body = guarded(name, () => versions.bodyIn(versions.effective(version, now), event));
    if (stored === null) return jsonBody(body);
    const represent = this.representation(stored);
    if (!represent) throw unmade(`This app has no representation '${name}'.`);
    const made = guarded(name, () =>
      represent(eventOf(body, event.tenant, (type) => this.catalogue.descriptionOf(type))),
    );
    const bytes = Buffer.byteLength(made.body);
    if (bytes <= this.mostBytes) return made;
    throw unmade(
      `The body has ${bytes} bytes in the representation '${name}', ${this.mostBytes} are allowed.`,
    );
  }

  private representation(stored: string): Representation | undefined {
    const choice = choiceOf(stored) as RepresentationChoice;
    if (typeof choice === 'string') return this.named.get(choice)?.represent;
    const known = this.templates.get(stored);
    if (known) return known;
    const represent = templateRepresentation(choice.template, this.mostBytes);
    if (this.templates.size === MOST_TEMPLATES) this.templates.clear();
    this.templates.set(stored, represent);
    return represent;
  }
}

/** Calls a function of the app, which may throw anything. */
function guarded<Made>(name: string, make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof TemplateTooLargeError) throw new UnmadeBody(cause.message, { cause });
    throw new UnmadeBody(`The representation '${name}' could not make a body of this event.`, { cause });
  }
}

const unmade = (problem: string): UnmadeBody => new UnmadeBody(problem, { cause: new Error(problem) });
