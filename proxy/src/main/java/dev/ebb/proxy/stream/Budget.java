package dev.ebb.proxy.stream;

/// What the connections of one event loop may hold together of something that there is only so much
/// of. Belongs to that loop.
public final class Budget {

    private final long limit;
    private long held;

    /// @param limit in bytes
    public Budget(long limit) {
        this.limit = limit;
    }

    /// Changes what somebody holds, if there is room for it.
    ///
    /// @return what is held from now on: `wanted`, or `before` where there is no room
    public long change(long before, long wanted) {
        if (wanted > before && held + wanted - before > limit) {
            return before;
        }
        held += wanted - before;
        return wanted;
    }
}
