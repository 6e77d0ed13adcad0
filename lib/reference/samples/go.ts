import type { VerificationSample } from './verification-sample.js';

const hex = `func VerifyHex(secret, signature string, body []byte) bool {
	if secret == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal([]byte(signature), []byte(hex.EncodeToString(mac.Sum(nil))))
}`;

export const go: VerificationSample = {
  label: 'Go',
  fence: 'go',
  note: '`body` is what was read from the request: `io.ReadAll(http.MaxBytesReader(w, r.Body, 300<<10))`.',
  hexFunction: 'VerifyHex',
  code: `package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Verify checks the signature of Standard Webhooks.
func Verify(secret string, header http.Header, body []byte) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil {
		return false
	}
	if age := time.Since(time.Unix(seconds, 0)); age > 5*time.Minute || age < -5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 { // Everybody can sign with an empty key.
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), expected) {
			return true
		}
	}
	return false
}

// VerifyHex checks the hex header.
${hex}`,
};

/** Only the hex header. */
export const goHex = (header: string): string => `package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 300<<10))
// VerifyHex(os.Getenv("WEBHOOK_SECRET"), r.Header.Get("${header}"), body)
${hex}
`;
