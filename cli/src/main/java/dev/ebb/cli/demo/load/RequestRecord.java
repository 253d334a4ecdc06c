package dev.ebb.cli.demo.load;

/// A line of the client's log.
///
/// @param sentMillis by the wall clock
public record RequestRecord(
        String id,
        String caller,
        String method,
        int bytes,
        long sentMillis,
        long tookMillis,
        Outcome outcome) {

    public boolean isLost() {
        return outcome instanceof Outcome.Lost;
    }

    /// Its fields with tabs between them; [#parse] reads it back.
    public String line() {
        String end =
                switch (outcome) {
                    case Outcome.Answered answered -> "answered\t" + answered.origin();
                    case Outcome.Lost lost ->
                            "lost\t" + lost.reason().replaceAll("[\\t\\r\\n]", " ");
                };
        return "%s\t%s\t%s\t%d\t%d\t%d\t%s"
                .formatted(id, caller, method, bytes, sentMillis, tookMillis, end);
    }

    public static RequestRecord parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 8) {
            throw new IllegalArgumentException(
                    "request \"%s\": %d fields (expected: 8)".formatted(line, fields.length));
        }
        return new RequestRecord(
                fields[0],
                fields[1],
                fields[2],
                Integer.parseInt(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                fields[6].equals("answered")
                        ? new Outcome.Answered(fields[7])
                        : new Outcome.Lost(fields[7]));
    }
}
