package dev.ebb.proxy.http;

import dev.ebb.env.AddressText;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How the access log looks. Callers choose methods, authorities and targets, so everything that
/// could break a line or a quotation is escaped.
public enum AccessLogFormat {
    /// No access log.
    OFF {
        @Override
        void append(AccessLogEntry entry, StringBuilder out) {}
    },

    /// Fields in a fixed order, for people.
    TEXT {
        @Override
        void append(AccessLogEntry entry, StringBuilder out) {
            out.append(Instant.ofEpochMilli(entry.epochMillis())).append(' ');
            out.append(entry.direction()).append(' ');
            address(entry.client(), out);
            out.append(" -> ");
            address(entry.endpoint(), out);
            out.append(" \"");
            escape(entry.method(), out);
            out.append(' ');
            escape(entry.authority(), out);
            out.append(' ');
            escape(entry.target(), out);
            out.append("\" ").append(entry.status()).append(' ');
            millis(entry.durationNanos(), out);
            out.append("ms in=").append(entry.requestBytes());
            out.append(" out=").append(entry.responseBytes());
            out.append(" attempts=").append(entry.attempts());
            out.append(' ').append(entry.termination().flag()).append('\n');
        }
    },

    /// One JSON object a line, for machines.
    JSON {
        @Override
        void append(AccessLogEntry entry, StringBuilder out) {
            out.append("{\"time\":\"").append(Instant.ofEpochMilli(entry.epochMillis()));
            out.append("\",\"direction\":\"").append(entry.direction());
            out.append("\",\"client\":\"");
            address(entry.client(), out);
            out.append("\",\"endpoint\":\"");
            address(entry.endpoint(), out);
            out.append("\",\"method\":\"");
            escape(entry.method(), out);
            out.append("\",\"authority\":\"");
            escape(entry.authority(), out);
            out.append("\",\"target\":\"");
            escape(entry.target(), out);
            out.append("\",\"status\":").append(entry.status());
            out.append(",\"duration_ms\":");
            millis(entry.durationNanos(), out);
            out.append(",\"request_bytes\":").append(entry.requestBytes());
            out.append(",\"response_bytes\":").append(entry.responseBytes());
            out.append(",\"attempts\":").append(entry.attempts());
            out.append(",\"termination\":\"").append(entry.termination().flag());
            out.append("\"}\n");
        }
    };

    /// Appends one line with its end.
    abstract void append(AccessLogEntry entry, StringBuilder out);

    private static void address(@Nullable SocketAddress address, StringBuilder out) {
        out.append(address instanceof InetSocketAddress ip ? AddressText.format(ip) : "-");
    }

    /// Milliseconds with three decimals, without the cost of a formatter.
    private static void millis(long nanos, StringBuilder out) {
        long micros = nanos / 1_000;
        out.append(micros / 1_000).append('.');
        String decimals = Long.toString(micros % 1_000);
        out.repeat('0', 3 - decimals.length()).append(decimals);
    }

    /// JSON's escapes, which are unambiguous in text as well.
    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c > 0x7e) {
                out.append("\\u").append(Character.forDigit(c >> 12, 16));
                out.append(Character.forDigit(c >> 8 & 15, 16));
                out.append(Character.forDigit(c >> 4 & 15, 16));
                out.append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
    }
}
