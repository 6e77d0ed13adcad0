export interface Snippet {
  readonly language: string;
  readonly label: string;
  readonly code: string;
}

/**
 * Code for the receiver that verifies the hex signature: the same functions as in docs/verifying-signatures.md. The name
 * of the header stands in comments only, so that each is whole as it is.
 */
export function snippets(signatureHeader: string): Snippet[] {
  const header = signatureHeader.toLowerCase();
  return [
    { language: 'node', label: 'Node.js', code: node(header) },
    { language: 'python', label: 'Python', code: python(header) },
    { language: 'go', label: 'Go', code: go(header) },
    { language: 'php', label: 'PHP', code: php(header) },
    { language: 'ruby', label: 'Ruby', code: ruby(header) },
  ];
}

const node = (header: string): string => `import { createHmac, timingSafeEqual } from 'node:crypto';

// Express, after app.use(express.json({ limit: '300kb' })):
// const signature = req.get('${header}');
// verifyHex(process.env.WEBHOOK_SECRET, signature, JSON.stringify(req.body))
export function verifyHex(secret, signature, body) {
  if (!secret) return false;
  const expected = Buffer.from(createHmac('sha256', secret).update(body ?? '').digest('hex'));
  const given = Buffer.from(signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
`;

const python = (header: string): string => `import hashlib
import hmac


# Flask:
# signature = request.headers.get("${header}")
# verify_hex(os.environ["WEBHOOK_SECRET"], signature, request.get_data())
def verify_hex(secret, signature, body):
    if not secret:
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest((signature or "").encode("utf-8", "replace"), expected.encode())
`;

const go = (header: string): string => `package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 300<<10))
// VerifyHex(os.Getenv("WEBHOOK_SECRET"), r.Header.Get("${header}"), body)
func VerifyHex(secret, signature string, body []byte) bool {
	if secret == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal([]byte(signature), []byte(hex.EncodeToString(mac.Sum(nil))))
}
`;

const php = (header: string): string => `<?php

// $signature = $_SERVER['HTTP_${header.toUpperCase().replaceAll('-', '_')}'] ?? null;
// verify_hex(getenv('WEBHOOK_SECRET') ?: null, $signature, file_get_contents('php://input'));
function verify_hex(?string $secret, ?string $signature, string $body): bool
{
    return $secret && hash_equals(hash_hmac('sha256', $body, $secret), $signature ?? '');
}
`;

const ruby = (header: string): string => `require "openssl"

# Rails:
# signature = request.headers["${header}"]
# verify_hex(ENV["WEBHOOK_SECRET"], signature, request.raw_post)
def verify_hex(secret, signature, body)
  return false if secret.to_s.empty?

  OpenSSL.secure_compare(signature.to_s, OpenSSL::HMAC.hexdigest("SHA256", secret, body))
end
`;
