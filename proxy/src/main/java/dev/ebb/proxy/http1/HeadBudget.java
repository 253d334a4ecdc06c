package dev.ebb.proxy.http1;

/// What the heads of requests may hold of the heap, on one event loop. Belongs to that loop.
///
/// Without it a few hundred large heads, complete or still coming, would end the process for want
/// of memory, and everything else that it carries with it.
final class HeadBudget {

    /// What a field costs beside its bytes, and its bytes as characters.
    private static final int FIELD = 170;

    private static final int BYTE = 2;

    /// `a:b` and the end of the line.
    private static final int SMALLEST_FIELD = 5;

    private final long limit;
    private long held;

    HeadBudget(long limit) {
        this.limit = limit;
    }

    /// What a head weighs.
    static long weight(long bytes, int fields) {
        return BYTE * bytes + (long) FIELD * fields;
    }

    /// What a head may weigh of which only so many bytes have come.
    static long weight(long bytes) {
        return weight(bytes, (int) Math.min(BoundedHeaders.MOST, bytes / SMALLEST_FIELD));
    }

    /// Changes what somebody holds, if there is room for it.
    ///
    /// @return what is held from now on: `wanted`, or `before` where there is no room
    long change(long before, long wanted) {
        if (wanted > before && held + wanted - before > limit) {
            return before;
        }
        held += wanted - before;
        return wanted;
    }
}
