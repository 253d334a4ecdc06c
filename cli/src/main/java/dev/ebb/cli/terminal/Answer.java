package dev.ebb.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a command says on standard output, and whether it could be said: a [PrintWriter] by itself
/// keeps that to itself, and half an answer would look like a whole one. Not thread-safe.
public final class Answer {
    /// The reader has seen enough, as `head` has.
    private static final String READER_HAS_GONE = "Broken pipe";

    private final PrintWriter writer;
    private @Nullable IOException failure;

    public Answer(OutputStream out) {
        this.writer = new PrintWriter(new Watched(out), false, StandardCharsets.UTF_8);
    }

    public PrintWriter writer() {
        return writer;
    }

    /// Why not all of it could be written; empty if it was, or if the reader has gone by choice.
    public Optional<String> problem() {
        writer.flush();
        return Optional.ofNullable(failure)
                .map(IOException::getMessage)
                .filter(message -> !message.equals(READER_HAS_GONE));
    }

    /// Keeps the first failure.
    private final class Watched extends FilterOutputStream {
        Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                }
                throw e;
            }
        }
    }
}
