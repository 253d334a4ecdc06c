package dev.ebb.cli.demo.wire;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The start line and the fields of a message, in their order.
public record Head(String startLine, List<Field> fields) {
    public Head {
        fields = List.copyOf(fields);
    }

    /// One field line.
    public record Field(String name, String value) {}

    /// The value of the first field of this name, in any case.
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /// Whether a comma-separated field holds this word, in any case.
    public boolean has(String name, String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .flatMap(field -> List.of(field.value().split(",", -1)).stream())
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).equals(wanted));
    }
}
