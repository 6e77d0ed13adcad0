import type { VerificationSample } from './verification-sample.js';

const hex = `def verify_hex(secret, signature, body)
  return false if secret.to_s.empty?

  OpenSSL.secure_compare(signature.to_s, OpenSSL::HMAC.hexdigest("SHA256", secret, body))
end`;

export const ruby: VerificationSample = {
  label: 'Ruby',
  fence: 'ruby',
  note: '`headers` is a hash with lower-case names, `body` the raw string.',
  hexFunction: 'verify_hex',
  code: `require "openssl"

# Standard Webhooks.
def verify(secret, headers, body)
  id = headers["webhook-id"].to_s
  timestamp = headers["webhook-timestamp"].to_s
  return false if id.empty? || !timestamp.match?(/\\A\\d{1,12}\\z/)
  return false if (Time.now.to_f - timestamp.to_i).abs > 5 * 60

  key = secret.to_s.delete_prefix("whsec_").unpack1("m")
  return false if key.empty? # Everybody can sign with an empty key.

  content = "#{id}.#{timestamp}.".b + body.b
  expected = "v1," + [OpenSSL::HMAC.digest("SHA256", key, content)].pack("m0")
  headers["webhook-signature"].to_s.split(" ").any? { |given| OpenSSL.secure_compare(given, expected) }
end

# The hex header.
${hex}`,
};

/** Only the hex header. */
export const rubyHex = (header: string): string => `require "openssl"

# Rails:
# signature = request.headers["${header}"]
# verify_hex(ENV["WEBHOOK_SECRET"], signature, request.raw_post)
${hex}
`;
