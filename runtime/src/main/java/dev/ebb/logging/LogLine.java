package dev.ebb.logging;

import dev.ebb.env.AddressText;
import dev.ebb.json.JsonText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/// One event on its way to stderr.
///
/// @param logger its full name
/// @param thread that logged
record LogLine(
        Instant at, Level level, String logger, String thread, String message, Content content) {

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// What an event carries beside its message.
    record Content(List<KeyValuePair> keyValues, @Nullable Throwable cause) {}

    String text(LogFormat format) {
        return switch (format) {
            case PLAIN -> plain();
            case JSON -> json();
        };
    }

    private String plain() {
        StringBuilder line = new StringBuilder(160);
        MILLIS.formatTo(at, line);
        line.append(' ').append(level).append(level.name().length() < 5 ? "  " : " ");
        line.append(LogLevels.shortName(logger)).append(": ");
        appendEscaped(line, message);
        for (KeyValuePair pair : content.keyValues()) {
            line.append(' ').append(pair.key).append('=');
            appendValue(line, String.valueOf(shown(pair.value)));
        }
        line.append('\n');
        Throwable cause = content.cause();
        if (cause != null) {
            line.append(stackTrace(cause));
        }
        return line.toString();
    }

    private String json() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("timestamp", MILLIS.format(at));
        fields.put("level", level);
        fields.put("logger", LogLevels.shortName(logger));
        fields.put("thread", thread);
        fields.put("message", message);
        for (KeyValuePair pair : content.keyValues()) {
            // A key of ours is never overwritten by an event's.
            fields.putIfAbsent(pair.key, shown(pair.value));
        }
        Throwable cause = content.cause();
        if (cause != null) {
            fields.putIfAbsent("stackTrace", stackTrace(cause));
        }
        return JsonText.of(fields) + "\n";
    }

    /// Addresses as everybody writes them; the JDK would put a slash in front.
    private static @Nullable Object shown(@Nullable Object value) {
        return switch (value) {
            case InetSocketAddress address -> AddressText.format(address);
            case List<?> items -> items.stream().map(LogLine::shown).toList();
            case null, default -> value;
        };
    }

    private static void appendValue(StringBuilder line, String value) {
        boolean quoted = value.isEmpty() || value.indexOf(' ') >= 0 || value.indexOf('"') >= 0;
        if (quoted) {
            line.append('"');
            appendEscaped(line, value.replace("\"", "\\\""));
            line.append('"');
        } else {
            appendEscaped(line, value);
        }
    }

    /// What a peer sent must not be able to look like a line of ours, or to steer a terminal.
    private static void appendEscaped(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line.append("\\n");
            } else if (Character.isISOControl(c)) {
                line.append('?');
            } else {
                line.append(c);
            }
        }
    }

    private static String stackTrace(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
