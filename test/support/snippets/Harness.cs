using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

public static class Harness
{
    static byte[] Bytes(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = Convert.ToByte(hex.Substring(2 * i, 2), 16);
        return bytes;
    }

    static string Text(string hex) => Encoding.UTF8.GetString(Bytes(hex));

    public static void Main()
    {
        var accepted = new List<string>();
        foreach (var line in Text(Console.In.ReadToEnd().Trim()).Split('\n'))
        {
            var parts = line.Split('\t');
            var secret = parts[1] == "-" ? null : Text(parts[1]);
            var body = Bytes(parts[2]);
            var headers = new Dictionary<string, string>();
            for (var i = 3; i + 1 < parts.Length; i += 2) headers[parts[i]] = Text(parts[i + 1]);
            Func<string, string> header = name => headers.TryGetValue(name, out var value) ? value : null;
            var isAccepted = parts[0] == "standard"
                ? Webhooks.Verify(secret, header, body)
                : Webhooks.VerifyHex(secret, header("x-webhook-signature"), body);
            accepted.Add(isAccepted ? "true" : "false");
        }
        Console.WriteLine("[" + string.Join(",", accepted) + "]");
    }
}
