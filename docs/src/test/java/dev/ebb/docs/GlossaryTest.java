package dev.ebb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The banned words of docs/glossary.md.
final class GlossaryTest {

    private static final Pattern BANNED_TYPE =
            Pattern.compile(".*(Manager|Helper|Utils?|Impl|Base)(Test|IT)?");
    private static final Pattern BANNED_PACKAGE = Pattern.compile(".*/(common|internal|util)/.*");
    private static final Pattern BANNED_WORD =
            Pattern.compile("(?i)\\b(front-?end|back-?end|blacklist|whitelist)\\b");

    @Test
    void noTypeHasABannedName() {
        List<String> banned =
                sources()
                        .map(path -> path.getFileName().toString().replace(".java", ""))
                        .filter(name -> BANNED_TYPE.matcher(name).matches())
                        .toList();

        assertThat(banned).isEmpty();
    }

    @Test
    void noPackageHasABannedName() {
        assertThat(sources().filter(path -> BANNED_PACKAGE.matcher(path.toString()).matches()))
                .isEmpty();
    }

    @Test
    void noSourceUsesABannedWord() {
        List<String> banned =
                sources()
                        .filter(path -> !path.endsWith("GlossaryTest.java"))
                        .filter(path -> BANNED_WORD.matcher(Repository.read(path)).find())
                        .map(path -> Repository.ROOT.relativize(path).toString())
                        .toList();

        assertThat(banned).isEmpty();
    }

    private static Stream<Path> sources() {
        return Stream.concat(Repository.mainSources().stream(), Repository.testSources().stream());
    }
}
