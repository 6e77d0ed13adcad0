import type { VerificationSample } from './verification-sample.js';

export const csharp: VerificationSample = {
  label: 'C#',
  fence: 'csharp',
  note: '.NET 8 and later. `header` gives a header’s value by its name, or null; `body` is the raw bytes.',
  hexFunction: 'VerifyHex',
  code: `using System.Security.Cryptography;
using System.Text;

public static class Webhooks
{
    /// <summary>Standard Webhooks.</summary>
    public static bool Verify(string? secret, Func<string, string?> header, byte[] body)
    {
        var (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
        if (string.IsNullOrEmpty(id) || !long.TryParse(timestamp, out var seconds)) return false;
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (double)seconds) > 5 * 60) return false;

        var text = secret ?? "";
        var key = Convert.FromBase64String(text.StartsWith("whsec_", StringComparison.Ordinal) ? text[6..] : text);
        if (key.Length == 0) return false; // Everybody can sign with an empty key.

        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content)));
        return (header("webhook-signature") ?? "")
            .Split(' ')
            .Any(given => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected));
    }

    /// <summary>The hex header.</summary>
    public static bool VerifyHex(string? secret, string? signature, byte[] body)
    {
        if (string.IsNullOrEmpty(secret)) return false;
        var expected = Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)).ToLowerInvariant();
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(signature ?? ""), Encoding.UTF8.GetBytes(expected));
    }
}`,
};
