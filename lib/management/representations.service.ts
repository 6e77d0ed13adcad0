import { fieldProblem } from '../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { Representations, UnmadeBody } from '../config/representations.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CLOCK } from '../config/tokens.js';
import type { WebhookClock } from '../domain/clock.js';
import { newId } from '../domain/id.js';
import { serialiseBody } from '../domain/json-body.js';
import { storedChoice, type RepresentationChoice } from '../domain/representation/choice.js';
import { quoted } from '../domain/shown-text.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import { WebhookLogRepository } from '../persistence/webhook-log.repository.js';
import { WebhookNotFoundError } from './management.errors.js';
import { choiceProblems, versionProblems } from './representation-rules.js';
import type { WebhookRepresentedView } from './views/represented.view.js';
import { OfTenant } from './of-tenant.js';

/** The event to preview: an emitted one, or the example of a type. */
interface PreviewedEvent {
  readonly eventType?: string;
  readonly eventId?: string;
}

/** The forms of events. */
@Injectable()
export class RepresentationsService {
  constructor(
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(Representations) private readonly representations: Representations,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
  ) {}

  /**
   * An event as it would be sent in a form. A version that is retired gives way to the next one, as in a delivery. Sends
   * and stores nothing.
   * @throws InvalidWebhookInputError, WebhookNotFoundError for the event
   */
  @OfTenant()
  async preview(
    tenant: string,
    {
      representation,
      version = this.representations.versions.newest,
      ...wanted
    }: PreviewedEvent & {
      readonly representation: RepresentationChoice;
      /** Default: the newest. */
      readonly version?: string | null;
    },
  ): Promise<WebhookRepresentedView> {
    const { catalogue, representations } = this;
    const now = this.clock.now();
    const { type, body, version: eventVersion } = await this.event(tenant, wanted);
    const { versions } = representations;
    const received = versions.effective(version, now);
    const types = catalogue.matching([type]).map((one) => versions.described(one, received));
    const problems = [
      ...versionProblems(version ?? undefined, representations),
      ...choiceProblems(representation, { representations }, types),
    ];
    if (problems.length > 0) throw new InvalidWebhookInputError(problems);
    try {
      const made = representations.make(
        { representation: storedChoice(representation), version },
        { body, tenant, eventType: type, eventVersion },
        now,
      );
      return { ...made, headers: { ...made.headers } };
    } catch (error) {
      if (!(error instanceof UnmadeBody)) throw error;
      throw unmadeBody(error);
    }
  }

  private async event(
    tenant: string,
    { eventId, eventType }: PreviewedEvent,
  ): Promise<{ readonly type: string; readonly body: string; readonly version: string | null }> {
    if (eventId !== undefined) {
      const event = await this.log.event(tenant, eventId);
      if (event) return event;
      throw new WebhookNotFoundError('event', eventId);
    }
    if (eventType === undefined || !this.catalogue.has(eventType)) {
      const got = eventType === undefined ? 'nothing' : quoted(eventType);
      const message = `eventType must be an event type of this app, or eventId must be given, got ${got}.`;
      throw new InvalidWebhookInputError([
        fieldProblem('eventType', message, 'unknown-event-type', { type: got }),
      ]);
    }
    const createdAt = this.clock.now();
    const data = this.catalogue.exampleOf(eventType);
    const { body } = serialiseBody({ id: newId('evt', createdAt), type: eventType, createdAt, data });
    return { type: eventType, body, version: this.representations.versions.newest };
  }
}

/** The representation can't make this body: the customer may choose another. */
export const unmadeBody = ({ message }: UnmadeBody): InvalidWebhookInputError =>
  new InvalidWebhookInputError([
    fieldProblem('representation', message, 'body-not-made', { problem: message }),
  ]);
