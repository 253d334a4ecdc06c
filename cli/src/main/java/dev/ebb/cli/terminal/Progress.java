package dev.ebb.cli.terminal;

import java.io.PrintWriter;
import java.util.function.Supplier;

/// Tells a user what goes on, on standard error: lines, and on a terminal one more line that is
/// written over and over. Safe for use by several threads.
public final class Progress implements AutoCloseable {
    private static final long REPAINT_MILLIS = 200;
    private static final String ERASE = "\r\u001b[K";

    /// No automatic margins (DECAWM), so that a narrow terminal cuts the line: of one that has
    /// wrapped, only the last row could be written over.
    private static final String CUT = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintWriter err;
    private final Kind kind;
    private final Thread painter;
    private Supplier<String> status = () -> "";
    private boolean silent;

    /// Where the words go.
    public enum Kind {
        /// A terminal, on which a line can be written over.
        TERMINAL,
        /// A file or a pipe: lines only.
        LINES
    }

    public Progress(PrintWriter err, Kind kind) {
        this.err = err;
        this.kind = kind;
        this.painter = Thread.ofPlatform().name("progress").daemon().unstarted(this::repaint);
        if (kind == Kind.TERMINAL) {
            painter.start();
        }
    }

    public synchronized void line(String text) {
        if (!silent) {
            err.print((kind == Kind.TERMINAL ? ERASE : "") + text + "\n");
            err.flush();
        }
    }

    /// What the rewriting line shows from now on; asked five times a second, never without a
    /// terminal.
    public synchronized void status(Supplier<String> now) {
        status = now;
        if (kind == Kind.TERMINAL && !silent) {
            err.print(ERASE);
            err.flush();
        }
    }

    /// Says nothing any more: the process ends, and what fails now fails for that reason.
    public synchronized void silence() {
        status(() -> "");
        silent = true;
    }

    @Override
    public void close() {
        status(() -> "");
        painter.interrupt();
    }

    private void repaint() {
        try {
            while (!Thread.interrupted()) {
                Thread.sleep(REPAINT_MILLIS);
                paint();
            }
        } catch (InterruptedException e) {
            // The end of the painter.
        }
    }

    private synchronized void paint() {
        String text = status.get();
        if (!text.isEmpty() && !silent) {
            err.print(ERASE + CUT + text + WRAP);
            err.flush();
        }
    }
}
