package interop;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.rocketmq.common.message.Message;

/** The two text forms of a message: a line to send (tab separated, base64), a line that was received (JSON). */
final class Line {
    private Line() {
    }

    /** Reads "mode TAB body TAB tags TAB keys TAB delay level TAB name=value,…"; all texts are base64. */
    static Message message(String topic, String line) {
        String[] f = line.split("\t", -1);
        Message m = new Message(topic, bytes(f[1]));
        if (!f[2].isEmpty()) {
            m.setTags(text(f[2]));
        }
        if (!f[3].isEmpty()) {
            m.setKeys(text(f[3]));
        }
        int level = Integer.parseInt(f[4]);
        if (level > 0) {
            m.setDelayTimeLevel(level);
        }
        for (Map.Entry<String, String> p : properties(f[5]).entrySet()) {
            m.putUserProperty(p.getKey(), p.getValue());
        }
        return m;
    }

    static String mode(String line) {
        return line.substring(0, line.indexOf('\t'));
    }

    private static Map<String, String> properties(String field) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String pair : field.split(",")) {
            if (!pair.isEmpty()) {
                int at = pair.indexOf(':');
                all.put(text(pair.substring(0, at)), text(pair.substring(at + 1)));
            }
        }
        return all;
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static String text(String base64) {
        return new String(bytes(base64), StandardCharsets.UTF_8);
    }

    static String quote(String s) {
        StringBuilder b = new StringBuilder("\"");
        for (char c : s.toCharArray()) {
            if (c == '"' || c == '\\') {
                b.append('\\').append(c);
            } else if (c < 0x20) {
                b.append(String.format("\\u%04x", (int) c));
            } else {
                b.append(c);
            }
        }
        return b.append('"').toString();
    }
}
