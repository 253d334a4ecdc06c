package dev.ebb.logging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.Level;

/// Which events are logged: a level for everything, others for the loggers below a name.
///
/// The text form is `warn,ebb=info`. `ebb` stands for our own packages, `dev.ebb`.
final class LogLevels {

    static final String EXPECTED = "levels such as warn or warn,ebb=info";

    /// Above every SLF4J level.
    static final int OFF = Integer.MAX_VALUE;

    private static final int MAX_DIRECTIVES = 64;

    private final String text;
    private final int everything;

    /// By name of logger; a longer name wins.
    private final Map<String, Integer> below;

    private LogLevels(String text, int everything, Map<String, Integer> below) {
        this.text = text;
        this.everything = everything;
        this.below = below;
    }

    /// @throws IllegalArgumentException if the text has another form; the message names the part
    static LogLevels parse(String text) {
        int everything = Level.WARN.toInt();
        Map<String, Integer> below = new TreeMap<>();
        List<String> directives = split(text);
        if (directives.size() > MAX_DIRECTIVES) {
            throw new IllegalArgumentException(
                    directives.size() + " levels (expected: at most " + MAX_DIRECTIVES + ")");
        }
        for (String directive : directives) {
            int equals = directive.indexOf('=');
            if (equals < 0) {
                everything = level(directive, directive);
            } else {
                String name = directive.substring(0, equals).strip();
                below.put(name, level(directive.substring(equals + 1).strip(), directive));
            }
        }
        return new LogLevels(String.join(",", directives), everything, below);
    }

    /// The lowest level at which a logger logs, as a number of SLF4J's scale.
    int of(String logger) {
        String name = shortName(logger);
        for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
            Integer level = below.get(name.substring(0, end));
            if (level != null) {
                return level;
            }
        }
        return everything;
    }

    /// The lowest level at which any logger logs.
    int lowest() {
        return below.values().stream().reduce(everything, Math::min);
    }

    @Override
    public String toString() {
        return text;
    }

    /// Our own packages are known as `ebb`, without the domain.
    static String shortName(String logger) {
        return logger.startsWith("dev.ebb") ? logger.substring("dev.".length()) : logger;
    }

    private static List<String> split(String text) {
        List<String> directives = new ArrayList<>();
        for (String directive : text.split(",", -1)) {
            directives.add(directive.strip());
        }
        return directives;
    }

    private static int level(String word, String directive) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "off" -> OFF;
            case "error" -> Level.ERROR.toInt();
            case "warn" -> Level.WARN.toInt();
            case "info" -> Level.INFO.toInt();
            case "debug" -> Level.DEBUG.toInt();
            case "trace" -> Level.TRACE.toInt();
            default ->
                    throw new IllegalArgumentException(
                            "\"" + directive + "\" (expected: " + EXPECTED + ")");
        };
    }
}
