package dev.ebb.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The checkout that the tests look at: its pages and its sources, without what builds leave
/// behind.
final class Repository {

    /// Surefire starts tests in the module's folder.
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".mvn", ".ebb");

    private Repository() {}

    /// Hand-written pages, READMEs included.
    static List<Path> pages() {
        return files(".md");
    }

    /// Java sources that ship.
    static List<Path> mainSources() {
        return files(".java").stream()
                .filter(path -> path.toString().contains("/src/main/java/"))
                .toList();
    }

    /// Java sources of tests.
    static List<Path> testSources() {
        return files(".java").stream()
                .filter(path -> path.toString().contains("/src/test/java/"))
                .toList();
    }

    /// All files whose names end in `suffix`.
    static List<Path> files(String suffix) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new Collector(suffix, found));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream().sorted().toList();
    }

    static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(String page) {
        return read(ROOT.resolve(page));
    }

    private static final class Collector extends SimpleFileVisitor<Path> {
        private final String suffix;
        private final List<Path> found;

        Collector(String suffix, List<Path> found) {
            this.suffix = suffix;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(folder.getFileName().toString())
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(suffix)) {
                found.add(file);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
