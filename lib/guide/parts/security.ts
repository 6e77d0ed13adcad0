import type { WebhooksGuidePart } from '../../config/guide-options.js';
import type { SignatureScheme } from '../../domain/signing/signature-scheme.js';
import { StandardScheme } from '../../domain/signing/standard-scheme.js';
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
import { schemeFacts, type SchemeFacts } from './scheme-facts.js';

const SAMPLES = { node, python, ruby, php, go, java, csharp };
const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

export const security = (context: GuideContext): WebhooksGuidePart[] => [
  section('security', 'Security Considerations'),
  subsection('signature-verification', 'Signature Verification', verification(context)),
  detail('signatures', titleOf(context), signatures(context)),
  ...languages(context),
  ...otherSchemes(context),
  subsection(
    'secrets',
    'Webhook Secrets',
    "Each webhook configuration includes a secret key that's used to sign payloads. Keep this secret secure and don't expose it in client-side code.",
  ),
  subsection('rotation', 'Rotating a Secret', rotation(context)),
];

function verification(context: GuideContext): string {
  const { hexHeader } = context.config.signature;
  const node =
    hexHeader === null ? factsOf(context).find((facts) => facts.node !== undefined)?.node : undefined;
  return blocks(
    `To ensure webhook payloads are genuinely from ${context.product}, all webhooks include a signature header. You should verify this signature before processing the webhook data.`,
    hexHeader !== null && codeBlock('javascript', expressVerification(hexHeader)),
    hexHeader !== null &&
      `The handler needs the parsed body, so \`express.json({ limit: '${bodyLimitKb(context)}kb' })\` comes before it. \`JSON.stringify\` gives the bytes that were sent; in other languages than JavaScript, verify the body as it arrived.`,
    node !== undefined && codeBlock('javascript', node),
    hexHeader === null && 'Verify the body as it arrived, byte for byte.',
  );
}

/** The recommended scheme comes first. */
const factsOf = ({ config: { signature } }: GuideContext): readonly SchemeFacts[] => {
  const standardFirst = [...signature.schemes].sort((one, other) => rank(one.kind) - rank(other.kind));
  return standardFirst.map((scheme) => schemeFacts(scheme, signature.rotation));
};

const rank = (kind: string): number => (kind === 'standard' ? 0 : 1);

const isSignedByDefault = ({ config: { signature } }: GuideContext): boolean =>
  signature.hexHeader !== null && signature.schemes.length === 2 && hasStandard(signature.schemes);

/** For schemes with secrets: the code in seven languages verifies v1. */
const hasStandard = (schemes: readonly SignatureScheme[]): boolean =>
  schemes.some((scheme) => scheme instanceof StandardScheme && scheme.signs.secrets);

const hasKeys = ({ config }: GuideContext): boolean => config.signature.publicKeys.length > 0;

const titleOf = ({ config }: GuideContext): string =>
  config.signature.schemes.length === 2 ? 'Two Signatures' : 'What Is Signed';

function signatures(context: GuideContext): string {
  const facts = factsOf(context);
  return blocks(
    facts.length === 1
      ? 'Each request has one signature.'
      : `Each request has ${COUNTS[facts.length] ?? facts.length} signatures. ${facts.length === 2 ? 'Both' : 'Each'} prove${facts.length === 2 ? '' : 's'} that it is ours; verify one of them.`,
    table(
      ['', ...facts.map(({ title }) => title)],
      [
        ['Header', ...facts.map(({ header }) => header)],
        [hasKeys(context) ? 'Key' : 'Key of the HMAC', ...facts.map(({ key }) => key)],
        ['What is signed', ...facts.map(({ signed }) => signed)],
        ['An old request sent again', ...facts.map(({ replay }) => replay)],
      ],
    ),
    isSignedByDefault(context) &&
      'Take [Standard Webhooks](https://www.standardwebhooks.com) where you can choose. The code below has a function for each, and refuses every request where the secret is missing.',
  );
}

/**
 * The code in seven languages has a function for Standard Webhooks, and one for the hex header if the language does
 * not parse.
 */
function languages(context: GuideContext): WebhooksGuidePart[] {
  const { hexHeader, schemes } = context.config.signature;
  if (hexHeader === null && !hasStandard(schemes)) return [];
  return Object.entries(SAMPLES)
    .filter(([, { hexFunction }]) => hasStandard(schemes) || hexFunction !== undefined)
    .map(([name, sample]) => detail(`verify-${name}`, text(sample.label), inLanguage(sample, context)));
}

function inLanguage(
  { note, hexFunction, fence, code: sample }: VerificationSample,
  context: GuideContext,
): string {
  const { hexHeader } = context.config.signature;
  const hex =
    hexFunction !== undefined && hexHeader !== null
      ? ` ${code(hexFunction)} takes the value of ${code(hexHeader)} as its \`signature\`.`
      : '';
  return withLimit(blocks(`${note}${hex}`, codeBlock(fence, sample)), context);
}

const otherSchemes = (context: GuideContext): WebhooksGuidePart[] =>
  factsOf(context).flatMap(({ header, node: sample }, index) =>
    sample === undefined
      ? []
      : [
          detail(
            `verify-scheme-${index + 1}`,
            `Node.js, ${header}`,
            blocks('`headers` are those of Node, `body` the raw bytes.', codeBlock('js', sample)),
          ),
        ],
  );

/** The samples assume the default length of bodies. */
const withLimit = (markdown: string, context: GuideContext): string =>
  markdown
    .replaceAll("'300kb'", `'${bodyLimitKb(context)}kb'`)
    .replaceAll('300<<10', `${bodyLimitKb(context)}<<10`);

function rotation(context: GuideContext): string {
  const { overlapMs } = context.config.signature;
  if (overlapMs === 0) {
    return 'You can replace the secret at any time. Unless you ask for a time in which both are valid, the old one stops signing at once: requests fail until your server has the new one, and are retried.';
  }
  return blocks(
    `You can replace the secret at any time. The old one stays valid for ${durationInWords(overlapMs)}, unless you choose another time, so that your server can take the new one over meanwhile:`,
    bullets(factsOf(context).flatMap((facts) => facts.rotation ?? [])),
    'Where a secret has leaked, let the old one expire immediately.',
  );
}
