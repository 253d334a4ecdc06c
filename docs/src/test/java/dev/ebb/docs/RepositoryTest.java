package dev.ebb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of CONTRIBUTING.md that can be counted.
final class RepositoryTest {

    private static final int LINES_OF_A_FILE = 400;
    private static final int LINES_OF_A_TEST = 500;
    private static final int FILES_OF_A_PACKAGE = 20;

    @Test
    void noFileIsTooLong() {
        assertThat(longerThan(LINES_OF_A_FILE, Repository.mainSources())).isEmpty();
        assertThat(longerThan(LINES_OF_A_TEST, Repository.testSources())).isEmpty();
    }

    @Test
    void noPackageIsTooLarge() {
        Map<Path, Long> sizes =
                Repository.mainSources().stream()
                        .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));

        // package-info.java is not counted.
        assertThat(sizes)
                .allSatisfy((folder, size) ->
                        assertThat(size - 1)
                                .as(name(folder))
                                .isLessThanOrEqualTo(FILES_OF_A_PACKAGE));
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        List<Path> folders =
                Repository.mainSources().stream().map(Path::getParent).distinct().toList();

        assertThat(folders)
                .allSatisfy(folder -> {
                    Path info = folder.resolve("package-info.java");
                    assertThat(info).exists();
                    assertThat(Files.readString(info)).startsWith("/// ").contains("@NullMarked");
                });
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(occurrences(allSources(), "\\b(TODO|FIXME|XXX)\\b|@Disabled|@author")).isEmpty();
    }

    @Test
    void testsDoNotSleep() {
        assertThat(occurrences(Repository.testSources().stream(), "Thread\\.sleep\\(")).isEmpty();
    }

    @Test
    void noMachineIsNamed() {
        Stream<Path> text =
                Stream.of(".md", ".java", ".xml", ".yaml", ".sh", "ebb", "Makefile", "run")
                        .flatMap(suffix -> Repository.files(suffix).stream())
                        .distinct();

        assertThat(occurrences(text, "/wor" + "k/|/tmp/[a-z]+_jobs")).isEmpty();
    }

    private static List<String> longerThan(int limit, List<Path> sources) {
        return sources.stream()
                .map(path -> Map.entry(path, Repository.read(path).lines().count()))
                .filter(entry -> entry.getValue() > limit)
                .map(entry -> name(entry.getKey()) + ": " + entry.getValue() + " lines")
                .toList();
    }

    private static Stream<Path> allSources() {
        return Stream.concat(Repository.mainSources().stream(), Repository.testSources().stream())
                .filter(path -> !path.endsWith("RepositoryTest.java"));
    }

    private static List<String> occurrences(Stream<Path> paths, String pattern) {
        Pattern searched = Pattern.compile(pattern);
        List<String> found = new ArrayList<>();
        paths.filter(path -> !path.endsWith("RepositoryTest.java"))
                .forEach(path ->
                        Repository.read(path)
                                .lines()
                                .filter(line -> searched.matcher(line).find())
                                .forEach(line -> found.add(name(path) + ": " + line.strip())));
        return found;
    }

    private static String name(Path path) {
        return Repository.ROOT.relativize(path).toString();
    }
}
