package dev.ebb.cli.demo.web;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What one replica saw. Every line has left the process before a method returns, so that it stands
/// even if the process is killed next. Safe for use by several threads.
///
/// `NAME.requests` holds `epoch-millis TAB id TAB method TAB bytes` for each request, written
/// before it is answered; `NAME.life` holds `epoch-millis TAB started|term|stopped`. On standard
/// output both are one stream, told apart by the number of fields.
public final class OriginRecord {
    private final FileChannel requests;
    private final FileChannel life;

    private OriginRecord(FileChannel requests, FileChannel life) {
        this.requests = requests;
        this.life = life;
    }

    /// Appends to two files of the directory.
    public static OriginRecord open(Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        return new OriginRecord(
                append(directory.resolve(name + ".requests")),
                append(directory.resolve(name + ".life")));
    }

    /// Writes to standard output, where a container runtime keeps it.
    public static OriginRecord onStandardOutput() {
        FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
        return new OriginRecord(out, out);
    }

    void request(String id, String method, int bytes) {
        write(requests, id + "\t" + method + "\t" + bytes);
    }

    /// Notes something in the life of the process.
    public void life(String event) {
        write(life, event);
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void write(FileChannel file, String text) {
        String line = System.currentTimeMillis() + "\t" + text + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
        try {
            synchronized (file) {
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
