package dev.ebb.bench.process;

import java.util.List;
import java.util.Map;

/// What to start: a name for logs and messages, the arguments, and what is added to the
/// environment.
public record Command(String name, List<String> arguments, Map<String, String> environment) {

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    public static Command of(String name, List<String> arguments) {
        return new Command(name, arguments, Map.of());
    }
}
