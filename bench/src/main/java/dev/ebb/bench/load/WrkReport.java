package dev.ebb.bench.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What wrk said at its end.
///
/// @param errors answers other than 2xx and 3xx, and connections that failed in any way
public record WrkReport(long requests, double requestsPerSecond, long errors) {

    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern REFUSALS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile(
                    "Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    /// Reads the text that wrk 4 prints.
    static WrkReport parse(String output) {
        return new WrkReport(
                Long.parseLong(required(REQUESTS, output)),
                Double.parseDouble(required(RATE, output)),
                sumOfGroups(REFUSALS, output) + sumOfGroups(SOCKET_ERRORS, output));
    }

    private static String required(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "wrk: no \"" + pattern + "\" in its output: " + output);
        }
        return matcher.group(1);
    }

    /// Wrk leaves out lines that would say zero.
    private static long sumOfGroups(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        long sum = 0;
        if (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                sum += Long.parseLong(matcher.group(group));
            }
        }
        return sum;
    }
}
