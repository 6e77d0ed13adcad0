import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.*;

public final class Harness {
    static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), UTF_8);
    }

    public static void main(String[] args) throws Exception {
        List<Boolean> accepted = new ArrayList<>();
        for (String line : text(new String(System.in.readAllBytes(), UTF_8)).split("\n")) {
            String[] parts = line.split("\t", -1);
            String secret = parts[1].equals("-") ? null : text(parts[1]);
            byte[] body = HexFormat.of().parseHex(parts[2]);
            Map<String, List<String>> headers = new HashMap<>();
            for (int i = 3; i + 1 < parts.length; i += 2) headers.put(parts[i], List.of(text(parts[i + 1])));
            String hex = headers.getOrDefault("x-webhook-signature", List.of("")).get(0);
            boolean standard = parts[0].equals("standard");
            accepted.add(standard ? Webhooks.verify(secret, headers, body) : Webhooks.verifyHex(secret, hex, body));
        }
        System.out.println(accepted);
    }
}
