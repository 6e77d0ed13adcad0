import type { VerificationSample } from './verification-sample.js';

export const java: VerificationSample = {
  label: 'Java',
  fence: 'java',
  note:
    'Java 17. `headers` is a map with lower-case names, or the `HttpHeaders` of Spring; `body` the raw bytes. `verify` needs ' +
    '`com.standardwebhooks:standardwebhooks:1.1.0`, `verifyHex` the JDK alone.',
  hexFunction: 'verifyHex',
  code: `import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Webhooks {
    /** Standard Webhooks. */
    public static boolean verify(String secret, Map<String, List<String>> headers, byte[] body) {
        // Everybody can sign with an empty key.
        if (secret == null || secret.replaceFirst("^whsec_", "").isEmpty()) return false;
        try {
            new Webhook(secret).verify(new String(body, UTF_8), headers);
            return true;
        } catch (WebhookVerificationException refused) {
            return false;
        }
    }

    /** The hex header. */
    public static boolean verifyHex(String secret, String signature, byte[] body) throws GeneralSecurityException {
        if (secret == null || secret.isEmpty() || signature == null) return false;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        String expected = HexFormat.of().formatHex(mac.doFinal(body));
        return MessageDigest.isEqual(expected.getBytes(UTF_8), signature.getBytes(UTF_8));
    }
}`,
};
