package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One of Ebb's programs as Maven packages it, run by the JDK that runs this one.
///
/// @param flags the JVM's
/// @param libraries the directory of its jars
public record JavaProgram(List<String> flags, Path libraries, String mainClass) {

    /// The proxy with the flags that it has in production.
    public static JavaProgram proxy(Path root) {
        return new JavaProgram(
                List.of("@" + root.resolve("proxy/jvm.options")),
                root.resolve("proxy/target/app/lib"),
                "dev.ebb.proxy.Main");
    }

    public static JavaProgram controlPlane(Path root) {
        return new JavaProgram(
                List.of("@" + root.resolve("control-plane/jvm.options")),
                root.resolve("control-plane/target/app/lib"),
                "dev.ebb.controlplane.Main");
    }

    /// The same program with one more flag.
    JavaProgram with(String flag) {
        List<String> more = Stream.concat(flags.stream(), Stream.of(flag)).toList();
        return new JavaProgram(more, libraries, mainClass);
    }

    /// Whether there is anything to run.
    public boolean isBuilt() {
        return Files.isDirectory(libraries);
    }

    public Command command(String name, List<String> arguments, Map<String, String> environment) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> all =
                Stream.of(
                                List.of(java),
                                flags,
                                List.of("-cp", libraries + "/*", mainClass),
                                arguments)
                        .flatMap(List::stream)
                        .toList();
        return new Command(name, all, environment);
    }
}
