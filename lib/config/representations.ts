import { ENVELOPE_NAME, choiceName } from '../domain/representation/choice.js';
import { standardWebhooks } from '../domain/representation/standard-webhooks.js';
import {
  eventOf,
  jsonBody,
  type Represented,
  type Representation,
} from '../domain/representation/represented.js';
import type { EventCatalogue } from './event-catalogue.js';
import { ownRepresentation, type RepresentationsConfig } from './representation-options.js';

/** What a format may add around the data. */
const MARGIN_BYTES = 16 * 1024;

/** A body could not be made. Its message is for the customer; its cause is for the app alone. */
export class UnmadeBody extends Error {}

interface Named {
  readonly description: string;
  readonly represent: Representation;
}

/** A representation as it is offered to customers. */
export interface RepresentationDescription {
  readonly name: string;
  readonly description: string;
}

const BUILT_IN: Readonly<Record<string, Named>> = {
  'standard-webhooks': {
    description: 'The payload of Standard Webhooks: type, timestamp and data.',
    represent: standardWebhooks,
  },
};

/** The bodies that an endpoint can ask for, beside the event's own. */
export class Representations {
  private readonly named = new Map<string, Named>(Object.entries(BUILT_IN));
  private readonly mostBytes: number;

  constructor(
    own: RepresentationsConfig,
    bodyBytes: number,
    private readonly catalogue: Pick<EventCatalogue, 'descriptionOf'>,
  ) {
    this.mostBytes = bodyBytes + MARGIN_BYTES;
    for (const [name, options] of Object.entries(own)) {
      this.named.set(name, { description: options.description, represent: ownRepresentation(options) });
    }
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

  /** @param stored see `storedChoice` @throws UnmadeBody */
  make(
    stored: string | null,
    { body, tenant }: { readonly body: string; readonly tenant: string },
  ): Represented {
    const name = choiceName(stored);
    if (stored === null) return jsonBody(body);
    const represent = this.named.get(name)?.represent;
    if (!represent) throw unmade(`This app has no representation '${name}'.`);
    const made = this.guarded(name, () => represent(this.eventOf(body, tenant)));
    const bytes = Buffer.byteLength(made.body);
    if (bytes <= this.mostBytes) return made;
    throw unmade(
      `The body has ${bytes} bytes in the representation '${name}', ${this.mostBytes} are allowed.`,
    );
  }

  private eventOf(body: string, tenant: string): ReturnType<typeof eventOf> {
    return eventOf(body, tenant, (type) => this.catalogue.descriptionOf(type));
  }

  /** Functions of the app may throw anything. */
  private guarded(name: string, make: () => Represented): Represented {
    try {
      return make();
    } catch (cause) {
      throw new UnmadeBody(`The representation '${name}' could not make a body of this event.`, { cause });
    }
  }
}

const unmade = (problem: string): UnmadeBody => new UnmadeBody(problem, { cause: new Error(problem) });
