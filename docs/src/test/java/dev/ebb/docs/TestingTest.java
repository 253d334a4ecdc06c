package dev.ebb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// docs/testing.md names tests that exist: `ClassTest#method` or `ClassIT`, in backquotes.
final class TestingTest {

    private static final Pattern NAMED =
            Pattern.compile("`([A-Z][a-z]\\w*(?:Test|IT|E2E))(?:#(\\w+))?`");

    @Test
    void everyNamedTestExists() {
        Map<String, String> sources =
                Repository.testSources().stream()
                        .collect(
                                Collectors.toMap(
                                        TestingTest::simpleName,
                                        Repository::read,
                                        (one, other) -> one + other));
        List<String> missing = new ArrayList<>();

        Matcher named = NAMED.matcher(Repository.read("docs/testing.md"));
        while (named.find()) {
            String source = sources.getOrDefault(named.group(1), "");
            String method = named.group(2);
            if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
                missing.add(named.group());
            }
        }

        assertThat(missing).isEmpty();
    }

    private static String simpleName(Path path) {
        return path.getFileName().toString().replace(".java", "");
    }
}
