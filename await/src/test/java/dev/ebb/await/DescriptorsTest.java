package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The way of kernels before 5.11; that of later ones is seen by ReadinessIT.
class DescriptorsTest {

    private static final long O_CLOEXEC = 0_2000000;

    @Test
    void descriptorsAreMarkedWithoutCloseRangeToo() throws IOException {
        try (ServerSocket _ = new ServerSocket(0)) {
            assertThat(inheritableSockets()).isNotEmpty();

            Descriptors.closeEachOnExec();

            assertThat(inheritableSockets()).isEmpty();
        }
    }

    /// The sockets beyond stderr that a program would get.
    private static Set<String> inheritableSockets() throws IOException {
        Set<String> descriptors = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
            for (Path info : all) {
                String descriptor = info.getFileName().toString();
                if (Integer.parseInt(descriptor) > 2
                        && isSocket(descriptor)
                        && (flags(info) & O_CLOEXEC) == 0) {
                    descriptors.add(descriptor);
                }
            }
        }
        return descriptors;
    }

    private static boolean isSocket(String descriptor) throws IOException {
        Path link = Path.of("/proc/self/fd", descriptor);
        return Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                && Files.readSymbolicLink(link).toString().startsWith("socket:");
    }

    private static long flags(Path info) throws IOException {
        try {
            for (String line : Files.readAllLines(info)) {
                if (line.startsWith("flags:")) {
                    return Long.parseLong(line.substring(6).strip(), 8);
                }
            }
            throw new AssertionError("no flags in " + info);
        } catch (NoSuchFileException e) {
            // Closed meanwhile.
            return O_CLOEXEC;
        }
    }
}
