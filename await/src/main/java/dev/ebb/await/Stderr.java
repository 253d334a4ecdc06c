package dev.ebb.await;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Where the program speaks; stdout belongs to the command. Unbuffered, because `execvp` flushes
/// nothing. Thread-safe.
final class Stderr {

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.err);

    private Stderr() {}

    static void say(String line) {
        try {
            OUT.write(("ebb-await: " + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Nobody listens, and the command must run all the same.
            return;
        }
    }
}
