package dev.ebb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/operations.md names every setting that a program reads, and no other.
final class OperationsTest {

    /// `EBB_PROXY_GRACE`; a trailing underscore is a prefix, not a name.
    private static final Pattern SETTING = Pattern.compile("\\bEBB_[A-Z0-9_]*[A-Z0-9]\\b");

    /// A constant of an `ExitCode`.
    private static final Pattern CONSTANT = Pattern.compile("static final int \\w+ = (\\d+);");

    /// A row of the page's table of exit codes.
    private static final Pattern CODE = Pattern.compile("(?m)^\\| (\\d+) \\| ");

    @Test
    void everySettingIsDocumentedAndEveryDocumentedSettingExists() {
        Set<String> read = new TreeSet<>();
        Repository.mainSources().stream()
                .filter(path -> !path.toString().contains("/bench/"))
                .forEach(path -> read.addAll(settings(Repository.read(path))));
        read.addAll(settings(Repository.read("ebb")));

        assertThat(settings(Repository.read("docs/operations.md"))).isEqualTo(read);
    }

    @Test
    void everyExitCodeIsDocumentedAndEveryDocumentedOneExists() {
        Set<String> declared = new TreeSet<>();
        Repository.mainSources().stream()
                .filter(path -> path.endsWith("ExitCode.java"))
                .forEach(path -> declared.addAll(numbers(CONSTANT, Repository.read(path))));
        // "128 + n" on the page.
        declared.remove("130");

        assertThat(numbers(CODE, Repository.read("docs/operations.md"))).isEqualTo(declared);
    }

    private static Set<String> numbers(Pattern pattern, String text) {
        Set<String> numbers = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            numbers.add(matcher.group(1));
        }
        return numbers;
    }

    private static Set<String> settings(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = SETTING.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }
}
