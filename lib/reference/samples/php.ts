import type { VerificationSample } from './verification-sample.js';

const hex = `function verify_hex(?string $secret, ?string $signature, string $body): bool
{
    return $secret && hash_equals(hash_hmac('sha256', $body, $secret), $signature ?? '');
}`;

export const php: VerificationSample = {
  label: 'PHP',
  fence: 'php',
  note:
    '`$headers` is an array with lower-case names, `$body` the raw string. Without a framework: ' +
    "`verify(getenv('WEBHOOK_SECRET') ?: null, array_change_key_case(getallheaders()), file_get_contents('php://input'))`.",
  hexFunction: 'verify_hex',
  code: `<?php

// Standard Webhooks.
function verify(?string $secret, array $headers, string $body): bool
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if ($id === '' || !preg_match('/^\\d{1,12}$/D', $timestamp)) {
        return false;
    }
    if (abs(time() - (int) $timestamp) > 5 * 60) {
        return false;
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret ?? ''));
    if ($key === '') { // Everybody can sign with an empty key.
        return false;
    }
    $digest = hash_hmac('sha256', "$id.$timestamp.$body", $key, true);
    $expected = 'v1,' . base64_encode($digest);
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}

// The hex header.
${hex}`,
};

/** Only the hex header. */
export const phpHex = (header: string): string => `<?php

// $signature = $_SERVER['HTTP_${header.toUpperCase().replaceAll('-', '_')}'] ?? null;
// verify_hex(getenv('WEBHOOK_SECRET') ?: null, $signature, file_get_contents('php://input'));
${hex}
`;
