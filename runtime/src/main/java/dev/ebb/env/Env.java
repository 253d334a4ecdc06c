package dev.ebb.env;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads typed values from environment variables.
///
/// A value of the wrong form is noted and its default returned, so that one pass finds every
/// problem; the caller reads all it needs, then asks [#problems()]. An empty variable counts as
/// unset. Not thread-safe.
public final class Env {

    /// As much of a wrong value as a message repeats.
    private static final int SHOWN_CHARACTERS = 100;

    private final Map<String, String> variables;
    private final Set<String> known = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    private Env(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    public static Env of(Map<String, String> variables) {
        return new Env(variables);
    }

    /// One line for every value that was read and is wrong: `EBB_PROXY_GRACE: "5x" (expected: a
    /// duration such as 10s or 500ms)`.
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /// The variables that start with `prefix` and that nobody has read: misspelt, most likely.
    public List<String> unknown(String prefix) {
        return variables.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !known.contains(name))
                .sorted()
                .toList();
    }

    /// The variables that start with `prefix` and that somebody has read, set or not.
    public Set<String> known(String prefix) {
        return known.stream()
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public Optional<String> string(String name) {
        return Optional.ofNullable(value(name));
    }

    public String string(String name, String byDefault) {
        return string(name).orElse(byDefault);
    }

    public Optional<Duration> duration(String name) {
        return read(name, DurationText.EXPECTED, DurationText::parse);
    }

    public Duration duration(String name, Duration byDefault) {
        return duration(name).orElse(byDefault);
    }

    /// An IP address or `localhost`, with a port; always resolved.
    public Optional<InetSocketAddress> address(String name) {
        return read(name, AddressText.EXPECTED_IP, AddressText::parseIp);
    }

    /// An IP address or `localhost`, with a port; always resolved.
    public InetSocketAddress address(String name, InetSocketAddress byDefault) {
        return address(name).orElse(byDefault);
    }

    /// A host name or an IP address, with a port; a name is left unresolved.
    public Optional<InetSocketAddress> hostAndPort(String name) {
        return read(name, AddressText.EXPECTED_HOST, AddressText::parse);
    }

    /// `true` or `false`; unset is false.
    public boolean bool(String name) {
        return read(name, "true or false", Env::parseBoolean).orElse(false);
    }

    /// `enabled` or `disabled`.
    public Toggle toggle(String name, Toggle byDefault) {
        return oneOf(name, Toggle.class, byDefault);
    }

    /// A whole number from `min` to `max`, both included.
    public int integer(String name, int byDefault, int min, int max) {
        String expected = "a whole number from " + min + " to " + max;
        return read(name, expected, text -> parseInteger(text, min, max)).orElse(byDefault);
    }

    /// One of the constants, in lower case and with `-` for `_`.
    public <E extends Enum<E>> E oneOf(String name, Class<E> type, E byDefault) {
        E[] constants = type.getEnumConstants();
        String expected =
                Arrays.stream(constants)
                        .map(Env::wordOf)
                        .collect(Collectors.joining(", ", "one of ", ""));
        return read(name, expected, text -> parseConstant(text, constants)).orElse(byDefault);
    }

    /// The items between commas, without the white space around them; unset is an empty list.
    public List<String> list(String name) {
        return list(name, "a comma-separated list", text -> text);
    }

    /// The items between commas, each read by `parse`; unset is an empty list.
    ///
    /// @param expected the form of an item, for the message
    /// @param parse throws an [IllegalArgumentException] if the item has another form
    public <T> List<T> list(String name, String expected, Function<String, T> parse) {
        String value = value(name);
        if (value == null) {
            return List.of();
        }
        List<T> items = new ArrayList<>();
        for (String item : value.split(",", -1)) {
            parsed(name, item.strip(), expected, parse).ifPresent(items::add);
        }
        return List.copyOf(items);
    }

    /// A value of a form that this class does not know.
    ///
    /// @param expected the form, for the message
    /// @param parse throws an [IllegalArgumentException] if the value has another form
    public <T> Optional<T> read(String name, String expected, Function<String, T> parse) {
        String value = value(name);
        return value == null ? Optional.empty() : parsed(name, value, expected, parse);
    }

    /// Notes that what a variable says does not fit something other than its form, such as another
    /// variable.
    public void problem(String name, String expected) {
        problems.add(message(name, variables.getOrDefault(name, ""), expected));
    }

    private @Nullable String value(String name) {
        known.add(name);
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    private <T> Optional<T> parsed(
            String name, String text, String expected, Function<String, T> parse) {
        try {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("an empty item");
            }
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            problems.add(message(name, text, expected));
            return Optional.empty();
        }
    }

    private static String message(String name, String value, String expected) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(value.length(), SHOWN_CHARACTERS); i++) {
            char c = value.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        String more = value.length() > SHOWN_CHARACTERS ? "..." : "";
        return name + ": \"" + shown + more + "\" (expected: " + expected + ")";
    }

    private static Boolean parseBoolean(String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Integer parseInteger(String text, int min, int max) {
        int number = Integer.parseInt(text.strip());
        if (number < min || number > max) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    private static <E extends Enum<E>> E parseConstant(String text, E[] constants) {
        for (E constant : constants) {
            if (wordOf(constant).equals(text.strip())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(text);
    }

    private static String wordOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
