import type { VerificationSample } from './verification-sample.js';

const hex = `def verify_hex(secret, signature, body):
    if not secret:
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest((signature or "").encode("utf-8", "replace"), expected.encode())`;

export const python: VerificationSample = {
  label: 'Python',
  fence: 'python',
  note: '`headers` is a dict with lower-case names, `body` the raw bytes.',
  hexFunction: 'verify_hex',
  code: `import base64
import hashlib
import hmac
import re
import time


# Standard Webhooks.
def verify(secret, headers, body):
    event_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not event_id or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    if abs(time.time() - int(timestamp)) > 5 * 60:
        return False
    key = base64.b64decode((secret or "").removeprefix("whsec_"))
    if not key:  # Everybody can sign with an empty key.
        return False
    content = f"{event_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body
    digest = hmac.new(key, content, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(given.encode("utf-8", "replace"), expected) for given in signatures)


# The hex header.
${hex}`,
};

/** Only the hex header. */
export const pythonHex = (header: string): string => `import hashlib
import hmac


# Flask:
# signature = request.headers.get("${header}")
# verify_hex(os.environ["WEBHOOK_SECRET"], signature, request.get_data())
${hex}
`;
