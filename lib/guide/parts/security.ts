import type { WebhooksGuidePart } from '../../config/guide-options.js';
import { csharp } from '../../reference/samples/csharp.js';
import { expressVerification } from '../../reference/samples/express.js';
import { go } from '../../reference/samples/go.js';
import { java } from '../../reference/samples/java.js';
import { node } from '../../reference/samples/node.js';
import { php } from '../../reference/samples/php.js';
import { python } from '../../reference/samples/python.js';
import { ruby } from '../../reference/samples/ruby.js';
import type { VerificationSample } from '../../reference/samples/verification-sample.js';
import { bodyLimitKb, detail, section, subsection, type GuideContext } from '../guide-context.js';
import { blocks, bullets, code, codeBlock, table, text } from '../markdown.js';
import { durationInWords } from '../words.js';

const SAMPLES = { node, python, ruby, php, go, java, csharp };

export const security = (context: GuideContext): WebhooksGuidePart[] => [
  section('security', 'Security Considerations'),
  subsection('signature-verification', 'Signature Verification', verification(context)),
  detail('signatures', 'Two Signatures', signatures(context)),
  ...Object.entries(SAMPLES).map(([name, sample]) =>
    detail(`verify-${name}`, text(sample.label), inLanguage(sample, context)),
  ),
  subsection(
    'secrets',
    'Webhook Secrets',
    "Each webhook configuration includes a secret key that's used to sign payloads. Keep this secret secure and don't expose it in client-side code.",
  ),
  subsection('rotation', 'Rotating a Secret', rotation(context)),
];

const verification = (context: GuideContext): string =>
  blocks(
    `To ensure webhook payloads are genuinely from ${context.product}, all webhooks include a signature header. You should verify this signature before processing the webhook data.`,
    codeBlock('javascript', expressVerification(context.config.signature.header)),
    `The handler needs the parsed body, so \`express.json({ limit: '${bodyLimitKb(context)}kb' })\` comes before it. \`JSON.stringify\` gives the bytes that were sent; in other languages than JavaScript, verify the body as it arrived.`,
  );

const signatures = ({ config }: GuideContext): string =>
  blocks(
    'Each request has two signatures. Both prove that it is ours; verify one of them.',
    table(
      ['', 'Standard Webhooks', 'Hex header'],
      [
        ['Header', '`webhook-signature`', code(config.signature.header)],
        [
          'Key of the HMAC',
          'the bytes that follow `whsec_` in the secret, in base64',
          "the secret's text, `whsec_` included",
        ],
        ['What is signed', 'id, timestamp and body, with dots between', 'the body'],
        [
          'An old request sent again',
          'is refused by its timestamp',
          "passes: remember the ids that you've handled",
        ],
      ],
    ),
    'Take [Standard Webhooks](https://www.standardwebhooks.com) where you can choose. The code below has a function for each, and refuses every request where the secret is missing.',
  );

function inLanguage(
  { note, hexFunction, fence, code: sample }: VerificationSample,
  context: GuideContext,
): string {
  const { header } = context.config.signature;
  const hex = hexFunction && ` ${code(hexFunction)} takes the value of ${code(header)} as its \`signature\`.`;
  return withLimit(blocks(`${note}${hex ?? ''}`, codeBlock(fence, sample)), context);
}

/** The samples are written for bodies of the default length. */
const withLimit = (markdown: string, context: GuideContext): string =>
  markdown
    .replaceAll("'300kb'", `'${bodyLimitKb(context)}kb'`)
    .replaceAll('300<<10', `${bodyLimitKb(context)}<<10`);

function rotation({ config }: GuideContext): string {
  const { header, rotation: signs, overlapMs } = config.signature;
  if (overlapMs === 0) {
    return 'You can replace the secret at any time. Unless you ask for a time in which both are valid, the old one stops signing at once: requests fail until your server has the new one, and are retried.';
  }
  return blocks(
    `You can replace the secret at any time. The old one stays valid for ${durationInWords(overlapMs)}, unless you choose another time, so that your server can take the new one over meanwhile:`,
    bullets([
      '`webhook-signature` holds a signature of each secret. A server that knows one of them accepts the request.',
      signs === 'old'
        ? `${code(header)} holds one signature, made with the old secret until its time is over, and with the new one from then on. Accept both until then.`
        : `${code(header)} holds one signature, made with the new secret from the start. Accept both until your server has it.`,
    ]),
    'Where a secret has leaked, let the old one expire immediately.',
  );
}
