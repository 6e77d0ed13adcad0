import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  isObject,
} from 'class-validator';
import type { WebhookFilter } from '../../domain/endpoint-filter.js';
import type { ClientCertificate } from '../../domain/client-certificate.js';
import type { EndpointAuthorization } from '../../domain/authorization.js';
import { MAX_EVENT_TYPE_LENGTH } from '../../domain/event-type.js';
import { MAX_PATTERNS } from '../../management/endpoint-rules.js';
import { MAX_HEADERS } from '../../domain/custom-headers.js';
import type { RepresentationChoice } from '../../domain/representation/choice.js';
import { About, Written } from './documented.js';
import { coded, IfGiven, IfNotNull, IsDuration, IsText } from './field-rules.js';

const text = { type: 'string', minLength: 1 };
const authorizationOf = (type: string, fields: readonly string[], optional: object = {}): object => ({
  type: 'object',
  properties: {
    type: { enum: [type] },
    ...Object.fromEntries(fields.map((name) => [name, text])),
    ...optional,
  },
  required: ['type', ...fields],
  additionalProperties: false,
});
/** The input of `authorizationProblems`. */
const AUTHORIZATION_SCHEMA = {
  anyOf: [
    authorizationOf('bearer', ['token']),
    authorizationOf('basic', ['username', 'password']),
    authorizationOf('apiKey', ['header', 'value']),
    authorizationOf('oauth2', ['tokenUrl', 'clientId', 'clientSecret'], {
      scope: text,
      audience: text,
      clientAuthentication: { enum: ['basic', 'body'] },
    }),
  ],
};

const MAX_OVERLAP_MS = 30 * 86_400_000;

const IsName = (): PropertyDecorator =>
  applyDecorators(
    IsText(255),
    ValidateBy(
      // A second rule called `matches` would take the code of the first.
      {
        name: 'isNotBlank',
        validator: { validate: (value) => typeof value !== 'string' || /\S/.test(value) },
      },
      { message: '$property must not be empty', ...coded('required') },
    ),
    About('What people call it.'),
    Written({
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
    }),
  );
const IsUrl = (): PropertyDecorator =>
  applyDecorators(
    IsText(2048),
    About('Where requests go: an https URL of a public server, without credentials and fragment.'),
    Written({ type: 'string', format: 'uri', maxLength: 2048 }),
  );
const IsPatternList = (): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayNotEmpty(),
    ArrayMaxSize(MAX_PATTERNS),
    IsString({ each: true }),
    MaxLength(MAX_EVENT_TYPE_LENGTH, { each: true }),
    About('Event types of the catalogue, all of a group such as `post.*`, or `*` for all.'),
  );
const IsHeaders = (): PropertyDecorator =>
  applyDecorators(
    IfGiven(),
    IsObject(),
    About('Headers that come with every request to it, such as an `authorization`.'),
    Written({ type: 'object', maxProperties: MAX_HEADERS, additionalProperties: { type: 'string' } }),
  );

const IsFilter = (): PropertyDecorator =>
  applyDecorators(IsObject(), Written({ $ref: '#/components/schemas/WebhookFilter' }));

/** The service checks it: the app decides whether it may be given at all. */
const IsOwnSecret = (): PropertyDecorator =>
  applyDecorators(
    IfGiven(),
    IsText(128),
    About(
      'A secret that your server knows already: `whsec_` and base64 of 24 to 64 bytes, or a text of 24 to 128 characters. Refused unless the app lets you choose it; left out, a new one is made.',
    ),
  );

const IsChoice = (): PropertyDecorator =>
  applyDecorators(
    ValidateBy(
      {
        name: 'isRepresentation',
        validator: { validate: (value) => typeof value === 'string' || isObject(value) },
      },
      {
        message: '$property must be the name of a representation, or an object with a template',
        ...coded('not-representation'),
      },
    ),
    About(
      'What its events look like: a name of `representations` in the settings, of which `envelope` is the event itself, or a template, whose texts may hold placeholders such as `{{data.post_id}}`.',
    ),
    Written({
      anyOf: [
        { type: 'string', maxLength: 40 },
        {
          type: 'object',
          properties: {
            template: { type: 'object', description: 'The JSON that is sent, with placeholders.' },
          },
          required: ['template'],
          additionalProperties: false,
        },
      ],
    }),
  );

const IsAuthorization = (): PropertyDecorator =>
  applyDecorators(
    IfNotNull(),
    IsObject(),
    About('What its requests are authorised with; `null` for nothing. It is never shown again.'),
    Written(AUTHORIZATION_SCHEMA),
  );
const IsCertificate = (): PropertyDecorator =>
  applyDecorators(
    IfNotNull(),
    IsObject(),
    About(
      'A certificate and its key in PEM, for TLS handshakes with it; `null` for none. The key is never shown again.',
    ),
    Written({
      type: 'object',
      properties: { certificate: text, key: text },
      required: ['certificate', 'key'],
      additionalProperties: false,
    }),
  );
const IsVersion = (): PropertyDecorator =>
  applyDecorators(
    IfGiven(),
    IsText(10),
    About(
      'The version of events that it is kept at, one of `versions` in the settings. Default: the newest.',
    ),
  );

class EndpointSettingsDto {
  @IfGiven()
  @IsBoolean()
  @About('Whether it gets events. An endpoint that is turned on forgets why it was off.')
  active?: boolean;

  @IfNotNull()
  @IsText(2000)
  @About('A note of its own.')
  description?: string | null;

  @IsHeaders()
  headers?: Record<string, string>;

  @IsAuthorization()
  authorization?: EndpointAuthorization | null;

  @IsCertificate()
  clientCertificate?: ClientCertificate | null;

  @About('Requests per second; `null` for no limit.')
  @IfNotNull()
  @IsInt()
  @Min(1)
  @Max(1_000)
  rateLimit?: number | null;

  @About('Requests at once from each worker; `null` for as many as it takes.')
  @IfNotNull()
  @IsInt()
  @Min(1)
  @Max(1_000)
  concurrency?: number | null;

  @IfGiven()
  @IsChoice()
  representation?: RepresentationChoice;

  @IsVersion()
  version?: string;

  @About('Which events of its types it gets; `null` for all of them.')
  @IfNotNull()
  @IsFilter()
  filter?: WebhookFilter | null;
}

/** The body of `POST /`. */
export class CreateWebhookEndpointDto extends EndpointSettingsDto {
  @IsName()
  name!: string;

  @IsUrl()
  url!: string;

  @IsPatternList()
  events!: string[];

  @IsOwnSecret()
  secret?: string;
}

/** The body of `PATCH /:id`: what is left out stays as it is. */
export class UpdateWebhookEndpointDto extends EndpointSettingsDto {
  @IfGiven()
  @IsName()
  name?: string;

  @IfGiven()
  @IsUrl()
  url?: string;

  @IfGiven()
  @IsPatternList()
  events?: string[];
}

/** The body of `POST /filter-preview`. */
export class PreviewWebhookFilterDto {
  @IsPatternList()
  events!: string[];

  @About('The filter to try.')
  @IsFilter()
  filter!: WebhookFilter;

  @IfGiven()
  @IsText(10)
  @About('The version of the data that the filter reads. Default: the newest.')
  version?: string;
}

/** The body of `POST /representation-preview`. */
export class PreviewWebhookRepresentationDto {
  @IsChoice()
  representation!: RepresentationChoice;

  @IfGiven()
  @IsText(10)
  @About('The version of the event. Default: the newest.')
  version?: string;

  @About('The type whose example is shown.')
  @IfGiven()
  @IsText(MAX_EVENT_TYPE_LENGTH)
  eventType?: string;

  @About('An event that is shown in place of an example.')
  @IfGiven()
  @IsString()
  @Matches(/^evt_[0-9a-f]{32}$/, {
    message: '$property must be the id of an event',
    ...coded('not-id', { of: 'event' }),
  })
  eventId?: string;
}

/** The body of `POST /:id/secret/rotate`. */
export class RotateWebhookSecretDto {
  @About('How long the secrets before it go on signing, at most `30d`; 0 ends them at once.')
  @IfGiven()
  @IsDuration()
  @Max(MAX_OVERLAP_MS, {
    message: 'overlap must not be longer than 30d',
    ...coded('duration-too-long', { most: '30d' }),
  })
  overlap?: number;

  @IsOwnSecret()
  secret?: string;
}

/** The body of `POST /:id/test`. */
export class TestWebhookEndpointDto {
  @About('The type of the event that is sent.')
  @IsText(MAX_EVENT_TYPE_LENGTH)
  eventType!: string;

  @IfGiven()
  @IsObject()
  @About('What the event carries, by the schema of its type. Default: the example of the type.')
  @Written({ type: 'object' })
  data?: Record<string, unknown>;
}

/** The body of `POST /test`. */
export class TestWebhookDraftDto extends TestWebhookEndpointDto {
  @IsUrl()
  url!: string;

  @IsHeaders()
  headers?: Record<string, string>;

  @IsAuthorization()
  authorization?: EndpointAuthorization | null;

  @IsCertificate()
  clientCertificate?: ClientCertificate | null;

  @IfGiven()
  @IsChoice()
  representation?: RepresentationChoice;

  @IsVersion()
  version?: string;

  @IfGiven()
  @IsText(128)
  @About(
    'What the request is signed with: the secret of an earlier test, or one that the endpoint could be created with. Default: a new one, which is in the answer.',
  )
  secret?: string;
}
