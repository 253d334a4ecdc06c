package dev.ebb.e2e.app;

/// Standard output, where the suite reads what happened in this process: lines of fields with tabs
/// between them. The first field is the wall clock in milliseconds, the second what the line is
/// about. Safe for use by several threads.
final class Journal {
    private Journal() {}

    /// One line; it has left the process when this returns.
    static void write(String what, Object... fields) {
        StringBuilder line = new StringBuilder(128);
        line.append(System.currentTimeMillis()).append('\t').append(what);
        for (Object field : fields) {
            line.append('\t').append(field);
        }
        synchronized (Journal.class) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
