package dev.ebb.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes values as JSON (RFC 8259) on one line.
///
/// Maps become objects in their own order, iterables arrays, numbers and booleans themselves, and
/// everything else a string. For answers and log lines; no substitute for a JSON library.
public final class JsonText {

    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    public static String of(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        append(json, value);
        return json.toString();
    }

    public static void append(StringBuilder json, @Nullable Object value) {
        switch (value) {
            case null -> json.append("null");
            case Map<?, ?> map -> appendObject(json, map);
            case Iterable<?> items -> appendArray(json, items);
            case Boolean truth -> json.append(truth);
            // JSON knows neither infinity nor NaN.
            case Double number when !Double.isFinite(number) -> appendString(json, "" + number);
            case Float number when !Float.isFinite(number) -> appendString(json, "" + number);
            case Number number -> json.append(number);
            default -> appendString(json, value.toString());
        }
    }

    private static void appendObject(StringBuilder json, Map<?, ?> map) {
        char before = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.append(before);
            appendString(json, String.valueOf(entry.getKey()));
            json.append(':');
            append(json, entry.getValue());
            before = ',';
        }
        json.append(map.isEmpty() ? "{}" : "}");
    }

    private static void appendArray(StringBuilder json, Iterable<?> items) {
        json.append('[');
        String before = "";
        for (Object item : items) {
            json.append(before);
            append(json, item);
            before = ",";
        }
        json.append(']');
    }

    private static void appendString(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> appendCharacter(json, c);
            }
        }
        json.append('"');
    }

    private static void appendCharacter(StringBuilder json, char c) {
        // A lone surrogate cannot be written as UTF-8.
        if (c < 0x20 || Character.isSurrogate(c)) {
            json.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                json.append(HEX.charAt((c >> shift) & 0xf));
            }
        } else {
            json.append(c);
        }
    }
}
