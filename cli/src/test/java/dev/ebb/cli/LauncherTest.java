package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `ebb` launcher in a tree of its own, whose Maven and whose JDK are scripts that tell how
/// they were called.
class LauncherTest {
    private static final List<String> MODULES =
            List.of("proto", "runtime", "proxy", "control-plane", "await", "cli");
    private static final Path TOP = Path.of("..");

    @TempDir private Path directory;
    private Path tree = Path.of("unused");
    private Path jdk = Path.of("unused");

    private record Result(int code, long pid, String out, String err) {}

    @BeforeEach
    void layOutTheTree() throws IOException {
        tree = Files.createDirectories(directory.resolve("a tree"));
        jdk = directory.resolve("jdk");
        Files.copy(TOP.resolve("ebb"), tree.resolve("ebb"));
        Files.createDirectories(tree.resolve("bin"));
        Files.copy(TOP.resolve("bin/find-jdk"), tree.resolve("bin/find-jdk"));
        Files.createDirectories(tree.resolve(".mvn"));
        Files.createFile(tree.resolve("pom.xml"));
        for (String module : MODULES) {
            Path source = tree.resolve(module).resolve("src/main/A.java");
            Files.createDirectories(source.getParent());
            Files.createFile(source);
            Files.createFile(tree.resolve(module).resolve("pom.xml"));
        }
        script(
                tree.resolve("mvnw"),
                """
                echo "$*" >> "%s"
                echo '[INFO] Building Ebb CLI 0.1.0-SNAPSHOT   [7/7]'
                for m in proxy control-plane await cli; do mkdir -p $m/target/app/lib; done
                """
                        .formatted(builds()));
        script(jdk.resolve("bin/javac"), "exit 0");
        script(
                jdk.resolve("bin/java"),
                """
                echo "pid $$"
                for argument; do echo "$argument"; done
                exit ${CODE:-0}
                """);
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    }

    @Test
    void theFirstRunBuildsAndSaysSoOnStandardErrorOnly() throws Exception {
        Result result = run("version");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("ebb: building Ebb CLI [7/7]");
        assertThat(result.out()).doesNotContain("uilding").endsWith("dev.ebb.cli.Main\nversion\n");
        assertThat(Files.readAllLines(builds()))
                .containsExactly(
                        "-B -Dmaven.test.skip=true -pl proxy,control-plane,await,cli -am package");
    }

    @Test
    void anUpToDateTreeIsNotBuiltAndNothingIsSaid() throws Exception {
        run("version");

        Result second = run("version");

        assertThat(second.err()).isEmpty();
        assertThat(Files.readAllLines(builds())).hasSize(1);
    }

    @Test
    void aChangedSourceIsBuiltAgain() throws Exception {
        run("version");
        Files.setLastModifiedTime(
                tree.resolve("proxy/src/main/A.java"), FileTime.from(Instant.now().plusSeconds(5)));

        run("version");

        assertThat(Files.readAllLines(builds())).hasSize(2);
    }

    @Test
    void aCleanedModuleIsBuiltAgain() throws Exception {
        run("version");
        Files.delete(tree.resolve("await/target/app/lib"));

        run("version");

        assertThat(Files.readAllLines(builds())).hasSize(2);
    }

    @Test
    void aFailedBuildIsToldAndTriedAgain() throws Exception {
        script(
                tree.resolve("mvnw"),
                "echo x >> '%s'; echo '[ERROR] A.java: no'; exit 1".formatted(builds()));

        Result first = run("version");
        run("version");

        assertThat(first.code()).isEqualTo(70);
        assertThat(first.out()).isEmpty();
        assertThat(first.err()).contains("[ERROR] A.java: no", "ebb: the build failed");
        assertThat(Files.readAllLines(builds())).hasSize(2);
    }

    @Test
    void theLauncherBecomesTheProgram() throws Exception {
        run("version");

        Result result = run("control-plane", "standalone", "--listen", "a b");

        assertThat(result.out())
                .startsWith("pid " + result.pid() + "\n")
                .endsWith(
                        """
                        -cp
                        %s/control-plane/target/app/lib/*
                        dev.ebb.controlplane.Main
                        standalone
                        --listen
                        a b
                        """
                                .formatted(tree.toRealPath()));
    }

    @Test
    void theExitCodeIsTheProgramsOwn() throws Exception {
        run("version");
        script(jdk.resolve("bin/java"), "exit 7");

        assertThat(run("await").code()).isEqualTo(7);
    }

    @Test
    void itWorksThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a tree", "ebb"));

        Result result = run(link, "proxy");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains(tree.toRealPath() + "/proxy/target/app/lib/*");
    }

    @Test
    void anOldJdkIsNotTaken() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");

        Result result = run("version");

        assertThat(result.out()).doesNotContain("pid " + result.pid());
    }

    private Result run(String... arguments) throws Exception {
        return run(tree.resolve("ebb"), arguments);
    }

    private Result run(Path launcher, String... arguments) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(launcher.toString())
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("JAVA25_HOME", jdk.toString());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(), process.pid(), Files.readString(out), Files.readString(err));
    }

    private Path builds() {
        return directory.resolve("builds");
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
